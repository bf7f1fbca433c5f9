import type { CueGroup } from '../lexicon.ts';

/** Cues of French, in the measures of those of English. */
export const FRENCH: readonly CueGroup[] = [
	{
		topic: 'courtesy',
		points: 0,
		cues: `peux, tu, pouvez, vous, pourrais, pourriez, pourrait, on, merci de, merci, svp, stp, s il te plait, s il vous plait, veuillez, je, j, aimerais, voudrais, veux, souhaite, souhaiterais, besoin, ai, il, faut, faudrait, me, m, moi, nous, bonjour, bonsoir, salut, coucou, alors, maintenant, ensuite, puis, et,
			que, qu, de, d, à, aide, aidez, aider, ta, tâche, mission, est, dois, devez, doit, votre, ton, rôle, consiste, toi, d abord, enfin, bien, ok, dis, allez, vas y, ce, te, ça, la suite`,
	},
	{
		topic: 'translation',
		points: 4,
		directive: true,
		cues: 'traduis, traduit, traduisez, traduire, traduisons, traduise, traduises, mets en anglais, mets ça en anglais, mettre en anglais, passe en anglais, localise, localisez, localiser, transpose en, retranscris en',
	},
	{
		topic: 'translation',
		points: 4,
		cues: `traduction de, traduction en, traduction du, traducteur, traductrice, traduis moi, traduire en, traduisez en, traduis en, traduire ce, traduis ce, traduis cette, traduis ça, comment dit on, comment on dit, comment dire, ça se dit comment, comment se dit, comment traduire, en anglais, en espagnol, en allemand, en italien, en néerlandais,
			en japonais, en chinois, en portugais, en arabe, en polonais, vers l anglais, vers le français, vers l espagnol, vers l allemand, du français, de l anglais, de l allemand, de l espagnol, de l italien, version anglaise, version française`,
	},
	{
		topic: 'translation',
		points: 2.2,
		cues: 'traduction, traductions, traduit, traduite, traduits, bilingue, langue source, langue cible, en français, mot à mot, équivalent anglais, équivalent français, version originale, sous titres, vouvoiement, faux ami, faux amis, langue maternelle',
	},
	{
		topic: 'translation',
		points: 0.8,
		cues: 'anglais, espagnol, allemand, italien, portugais, japonais, chinois, arabe, néerlandais, littéral, littérale, anglophone, anglophones, francophone',
	},
	{
		topic: 'summarization',
		points: 4,
		directive: true,
		cues: `résume, résumez, résumer, résumes, résumons, synthétise, synthétisez, synthétiser, condense, condensez, condenser, raccourcis, raccourcir, raccourcissez, récapitule, récapitulez, récapituler, fais un résumé, faire un résumé, fais moi un résumé, faites un résumé, fais une synthèse, faire une synthèse, faites une synthèse, fais moi une synthèse, abrège, abréger, rédige une synthèse, rédige un résumé, rédige le compte rendu, donne un résumé, donne moi un résumé`,
	},
	{
		topic: 'summarization',
		points: 3,
		cues: `résumé, résumés, résumé de, synthèse, synthèse de, en bref, points clés, points essentiels, points principaux, grandes lignes, l essentiel, idées principales, compte rendu, note de synthèse, en quelques lignes, en quelques phrases, en quelques mots, à retenir, ce qu il faut retenir, les décisions, décisions prises, en résumé, condensé, récap, récapitulatif, trop long, procès verbal, les actions à mener`,
	},
	{
		topic: 'summarization',
		points: 1.2,
		cues: 'en une phrase, en deux phrases, en trois phrases, en trois points, en 3 points, en cinq points, en 5 points, en un paragraphe, plus court, retenir, réunion, puces, concis, concise, faits marquants',
	},
	{
		topic: 'classification',
		points: 4,
		directive: true,
		cues: `classe, classez, classer, classifie, classifiez, classifier, catégorise, catégorisez, catégoriser, étiquette, étiquetez, étiqueter, attribue, attribuez, attribuer, extrais, extraire, extrayez, détecte, détecter, détectez, range, rangez, trie, triez, trier, identifie, identifier, identifiez, détermine si, déterminer si, déterminez si, détermine la catégorie, indique si, indiquez si, dis moi si ce, repère, repérer, repérez, relève, relever, oriente, orientez, orienter, regroupe, tague, affecte, modère, modérer`,
	},
	{
		topic: 'classification',
		points: 3.5,
		cues: `sentiment, le sentiment, positif ou négatif, positif négatif, positif neutre, négatif neutre, spam, est ce un spam, vrai ou faux, oui ou non, une seule catégorie, quelle catégorie, dans quelle catégorie, catégories, étiquettes, l une des, parmi, un seul mot, en un mot, réponds uniquement, répondez uniquement, réponds seulement, réponds par, répondez par, réponse en un mot, uniquement par, intention, l intention, toxique, haineux, injurieux,
			hameçonnage, phishing, quelle langue, en quelle langue, entités nommées, entités, classification, classificateur, urgent ou, urgent ou non, quel service, à quel service, bug ou, priorité, niveau d urgence, sans explication, sans commentaire, rien d autre, haute moyenne basse`,
	},
	{
		topic: 'classification',
		points: 1.5,
		cues: 'catégorie, étiquette, renvoie un json, en json, au format json, json avec, ticket, tickets, champs, libellé, plainte, réclamation, type de, soit, thème, tonalité, entité, avis client, uniquement',
	},
	{
		topic: 'code_generation',
		points: 4,
		directive: true,
		cues: `code, coder, codez, implémente, implémenter, implémentez, débogue, déboguer, débugge, débuguer, refactorise, refactoriser, refactore, refactorer, programme, programmer, développe une fonction, écris une fonction, écris moi une fonction, écris un script, écris moi un script, écris un programme, écris une requête, écris une classe, écris du code, écris les tests, écris des tests, écrire une fonction, écrire un script, écrire une requête, corrige ce code, corrige le bug, corrige la fonction, optimise cette requête, migre, compile, déploie`,
	},
	{
		topic: 'code_generation',
		points: 3,
		cues: `fonction, fonctions, requête sql, script, expression régulière, regex, tests unitaires, test unitaire, code source, base de code, pile d appels, trace d erreur, ligne de commande, base de données, boucle for, boucle, conteneur, dépôt git, point d entrée, interface de programmation, composant, fuite mémoire, module python, en python, en java, en rust, en php, en javascript, en typescript, en sql, en bash, en go, en c++, formule excel, macro excel, développeur, développeuse, expression rationnelle, tableau associatif`,
	},
	{
		topic: 'code_generation',
		points: 1.5,
		cues: `coder, programme, classe, méthode, tableau, chaîne, chaîne de caractères, liste, dictionnaire, bogue, plante, bug, erreur, bibliothèque, paquet, serveur, requête, requêtes, algorithme, compilateur, compiler, compilation, appli, application, terminal, linux, fichier csv, parseur, paramètre, argument, pointeur, déploiement, branche, commit, jointure, colonne, champ, exception, ça marche pas, ne marche pas, ne fonctionne pas, variable`,
	},
	{
		topic: 'web_search',
		points: 4,
		directive: true,
		cues: `cherche, cherchez, chercher, recherche, recherchez, rechercher, trouve en ligne, trouve moi les dernières, trouve les dernières, trouve moi des sources, trouve des sources, va voir, va sur, consulte le site, vérifie sur, vérifie en ligne, regarde sur internet, regarde en ligne, regarde sur, cherche sur internet, fais une recherche, trouve sur internet, googler`,
	},
	{
		topic: 'web_search',
		points: 3.5,
		cues: `dernières nouvelles, dernières actualités, dernières infos, actualité, actualités, actu, actus, les infos, info du jour, aujourd hui, ce soir, ce matin, hier, hier soir, cette semaine, ce week end, ce mois ci, cette année, en ce moment, actuellement, actuel, actuelle, météo, prévisions météo, quel temps, cours de l action, cours du bitcoin, cours de l euro, taux de change, en bourse, prix actuel, prix du, dernière version, dernier modèle, dernières, derniers,
			sur internet, sur le web, en ligne, avec les sources, avec des sources, cite tes sources, citez vos sources, cite les sources, avec les liens, avec liens, résultats du match, résultat du match, score du match, qui a gagné, qui a remporté, horaires d ouverture, horaires, ouvert le, ouvert aujourd hui, près de chez moi, date de sortie, vient de sortir, sorti, récent, récente, récents, récentes, récemment, 2025, 2026, 2027, à jour, en direct, en vigueur, en stock, classement de la, grève, recherche web, vols`,
	},
	{
		topic: 'web_search',
		points: 1.5,
		cues: 'sources, source, site, liens, lien, url, internet, nouvelles, demain, tarif, tarifs, prix, combien coûte, moins cher, billets, avis sur, élection, élections, pdg de, nouveau, nouvelle, nouveaux, dernier, dernière, sortie, disponible, hôtel, hôtels, train, trains, annoncé, annoncée, officiel, officielle',
	},
	{
		topic: 'long_context',
		points: 3.5,
		cues: `livre entier, tout le livre, le livre complet, document entier, tout le document, l ensemble du document, l ensemble des documents, tous les documents, tous les fichiers, l ensemble du dépôt, tout le dépôt, tout le code, toute la base de code, base de code complète, l intégralité, intégralité du, dans l ensemble, l ensemble des, transcription complète, transcription intégrale, manuscrit, tout le manuscrit, manuscrit complet, tous les chapitres, chaque chapitre,
			pages de, texte intégral, texte complet, tout le texte, tout le fil, tout l historique, historique complet, toutes les transcriptions, tous les contrats, dossier complet, tout le dossier, pièces jointes, toutes les pièces, les annexes, ci joints, ci jointes, journal complet, corpus, roman entier, tout le roman, à travers tous, à travers les`,
	},
	{
		topic: 'long_context',
		points: 1.2,
		cues: 'pages, chapitres, chapitre, transcriptions, transcription, volumes, tomes, annexes, annexe, joint, joints, entier, entière, chaque mention, chaque occurrence, toutes les mentions, tout au long, pièces, dossier',
	},
	{
		topic: 'expert_reasoning',
		points: 4,
		directive: true,
		cues: `démontre, démontrer, démontrez, prouve, prouver, prouvez, montre que, montrer que, montrez que, résous, résoudre, résolvez, déduis, déduire, déduisez, calcule l intégrale, calcule la probabilité, calculer la probabilité, trouve tous, trouver tous, trouvez tous, détermine tous, déterminer tous, détermine la, déterminer la, déterminer le, raisonne, raisonnez, diagnostique, établis, établir`,
	},
	{
		topic: 'expert_reasoning',
		points: 3,
		cues: `démonstration, preuve, théorème, lemme, corollaire, conjecture, étape par étape, pas à pas, raisonnement, rigoureux, rigoureuse, rigoureusement, premiers principes, diagnostic différentiel, hypothèses diagnostiques, valeurs propres, valeur propre, intégrale, dérivée, équation différentielle, matrice, matrices, nombre premier, nombres premiers, probabilité que, probabilité, espérance, bayes, variance, combinatoire, dénombrement, théorie des jeux, équilibre de nash, énigme, casse tête, paradoxe, quantique, thermodynamique, entropie,
			relativité, topologie, isomorphisme, homomorphisme, morphisme, sous groupe, espace vectoriel, fourier, lagrangien, stratégie optimale, np difficile, np complet, indécidable, récurrence, par l absurde, convergence, converge, asymptotique, stochastique, markov, mécanisme réactionnel, cinétique, pharmacocinétique, contre indication, contre indications, interaction médicamenteuse, jurisprudence, responsabilité civile, responsabilité, article du code, code civil, code du travail, droit applicable, conseil d état, cour de cassation, nullité, contre exemple, inférence causale,
			épistémologie, invariant, contraintes, moment fléchissant, navier stokes, black scholes, suite définie, menteur, menteurs, impératif catégorique`,
	},
	{
		topic: 'expert_reasoning',
		points: 1.3,
		cues: `prouver, résoudre, équation, équations, entier naturel, entiers, entiers naturels, réels, polynôme, modulo, maximum, minimum, optimal, optimale, géométrie, triangle, cercle, vitesse, accélération, force, molaire, dose, patient, patiente, symptômes, ans, antécédents, tribunal, juge, plaignant, clause, traité, hypothèse, hypothèses, justifie, justifier, justifiez, suppose, supposons, soit, soient, sachant que, tel que, telle que, si et seulement si, au moins, au plus, exactement,
			compromis, philosophique, physique, chimie, limite, continue, logiquement, cohérent, pièces, balance, boîtes, prisonniers, suite, employeur, salarié, bailleur, locataire`,
	},
	{
		topic: 'analysis',
		points: 4,
		directive: true,
		cues: `analyse, analyser, analysez, compare, comparer, comparez, évalue, évaluer, évaluez, examine, examiner, examinez, interprète, interpréter, interprétez, critique, critiquer, critiquez, audite, auditer, étudie, étudier, décortique, décortiquer, estime, estimer, estimez, hiérarchise, priorise, prioriser, mesure l impact, passe en revue, fais un swot, fais une analyse, dresse, dresser, relis ce contrat, commente`,
	},
	{
		topic: 'analysis',
		points: 3,
		cues: `une analyse, analyse de, analyse des, analyse du, analyses, swot, avantages et inconvénients, avantages et les inconvénients, le pour et le contre, forces et faiblesses, forces et les faiblesses, cause racine, causes, cause profonde, tendance, tendances, enseignements, comparaison, comparatif, corrélation, valeur aberrante, valeurs aberrantes, anomalie, anomalies, d une année sur l autre, attrition, cohorte, cohortes, taux de conversion, indicateurs, chiffre d affaires, marge, marges, part de marché, parts de marché, concurrents, concurrence, modèle économique, risques, évaluation des risques,
			points de vigilance, clauses, jeu de données, ces données, les données, ces chiffres, les chiffres, coût bénéfice, seuil de rentabilité, rentabilité, retour sur investissement, trésorerie, bilan, faisabilité, impact de, impact du, conséquences, implications, quelle option, laquelle des, lequel des, quel est le meilleur, meilleur choix, biais, statistiquement significatif, résultats de l enquête, sondage, enquête, journaux, incident, goulot d étranglement, rétention, entonnoir, déséquilibrées, prestataires, devis, offres, différences entre`,
	},
	{
		topic: 'analysis',
		points: 1.3,
		cues: 'données, tableau, rapport, résultats, chiffres, graphique, indicateur, t1, t2, t3, t4, risque, contrat, bail, ventes, budget, marché, stratégie, options, différence entre, pourquoi, explique pourquoi, expliquer pourquoi, facteurs, recommande, recommandation, recommandations, décision, argument, arguments, pour cent, hausse, baisse, croissance, chute, dépenses, performance, coûts, explique la, faiblesses, méthodologie, problème, scénario, scénarios',
	},
	{
		topic: 'creative_writing',
		points: 4,
		directive: true,
		cues: `écris une histoire, écris moi une histoire, écris un poème, écris moi un poème, écris une nouvelle, écris un conte, écris une chanson, écris une lettre, écris un mail, écris un email, écris moi un mail, écris un discours, écris un article, écris un texte, écris moi un texte, écris une scène, écris un dialogue, écris un post, écris un haïku, écris un sonnet, écris les paroles, écris la suite, écris un slogan, rédige, rédiger, rédigez, compose, composer, composez, reformule, reformuler, reformulez, réécris, réécrire, réécrivez,
			paraphrase, corrige les fautes, corrige l orthographe, corrige ce texte, corrige mon, relis et corrige, améliore, améliorer, améliorez, imagine, imaginer, imaginez, invente, inventer, inventez, raconte, raconter, racontez, trouve un nom, trouve moi un nom, propose des noms, propose moi des noms, propose un titre, propose des titres, propose moi un titre, trouve un titre, trouve un slogan, continue l histoire, continue cette histoire, raconte moi une histoire, écris, écrire, écrivez, peaufine, embellis`,
	},
	{
		topic: 'creative_writing',
		points: 3,
		cues: `histoire, conte, poème, poèmes, haïku, sonnet, alexandrin, alexandrins, rime, rimes, chanson, paroles, couplet, refrain, vers, strophe, strophes, roman, romancier, romancière, fiction, personnage, personnages, héros, héroïne, méchant, intrigue, rebondissement, dialogue, monologue, scénario, scène, conte de fées, fable, fantastique, science fiction, dragon, slogan, slogans, accroche, accroches, accrocheur, accrocheuse, publicité, publicitaire, rédacteur, rédactrice, article de blog, billet de blog, post linkedin, légende instagram, tweet, newsletter, communiqué de presse, communiqué, lettre de motivation, discours,
			mariage, fiche produit, description de produit, nom pour, noms pour, mail à, mail pour, lettre à, lettre de, lettre pour, à la manière de, dans le style de, drôle, humoristique, métaphore, métaphores, univers, conteur, plus professionnel, plus formel, plus poli, plus chaleureux, ton, jeu de rôle, invitation`,
	},
	{
		topic: 'creative_writing',
		points: 1.3,
		cues: 'mots, paragraphe, style, mail, email, courriel, lettre, message, dissertation, article, texte, créatif, créative, titre, titres, idées, anniversaire, amour, tournure, phrase, orthographe, grammaire, fautes, première phrase, ludique, chaleureux, émouvant, blague, annonce, biographie, public, voix, narrateur, vœux, remerciement',
	},
	{
		topic: 'chat',
		points: 3,
		cues: `comment ça va, comment vas tu, comment allez vous, ça va, quoi de neuf, bonne journée, bonne soirée, bonne nuit, enchanté, enchantée, qui es tu, tu es qui, t es qui, comment tu t appelles, raconte moi une blague, une blague, merci beaucoup, mdr, haha, ptdr, tu es là, t es là, es tu humain, tu es une ia, que sais tu faire, tu sais faire quoi, à plus, au revoir, à bientôt, je m ennuie, je me sens, j ai peur, ton préféré, ta préférée, qu en penses tu, t en penses quoi, qu est ce que tu penses, tu penses quoi, parle moi de toi,
			ma journée, de rien, laisse tomber, un conseil, conseils, des conseils, que me conseilles tu, tu me conseilles, devrais je, qu est ce que je, une idée de, tu préfères, anecdote, déprime, stressé, stressée, fatigué, fatiguée, seul, seule`,
	},
	{
		topic: 'chat',
		points: 1.3,
		cues: `bonjour, salut, coucou, hello, merci, cool, super, oui, non, d accord, ok, désolé, désolée, qui est, qui était, c est quoi, qu est ce que, qu est ce qu, c est qui, quand, où se trouve, où est, combien de, combien de temps, comment faire, comment on fait, capitale de, parle moi, est ce que tu, as tu, explique moi, recette, cuisine, cuisson, dîner, week end, ami, amie, mon patron, ma copine, mon copain, ma mère, mon père, mon chien, mon chat, cadeau, signifie, ça veut dire, film, livre, enfant, enfants, vacances`,
	},
	{
		topic: 'hard',
		points: 1,
		cues: `détaillé, détaillée, en détail, approfondi, approfondie, exhaustif, exhaustive, complet, complète, rigoureux, rigoureuse, rigoureusement, démontre, démontrer, preuve, architecture, distribué, distribuée, évolutif, production, concurrence, concurrent, compromis, cas limites, optimise, optimiser, contraintes, étape par étape, de bout en bout, avancé, avancée, complexe, stratégie, stratégique, sécurité, tolérant aux pannes, migration, évalue, justifie, justifier, quantifie, quantifier, cause racine, hypothèses, chacun, chacune,
			diagnostic, sans changer, doit, doivent, et explique, ensuite, puis, enfin, en conservant, plusieurs, compare, argumenté, argumentée`,
	},
	{
		topic: 'easy',
		points: 1,
		cues: 'rapide, rapidement, vite, simple, simplement, court, courte, bref, brève, brièvement, un mot, une phrase, une ligne, juste, seulement, uniquement, oui ou non, facile, petit, petite, seul, débutant',
	},
];
