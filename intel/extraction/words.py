"""Ordinary French words, given names and makes of cars that are also names of communes.

Folded (no case, no accent). One of them is read as a place only where it can hardly be
anything else: "à Charmes", "88130 Charmes", and not "de charmes" or "Charmes discrets".
"""

ORDINARY = frozenset(
    """
    abbaye abondance abondant agneaux aigle aigre aiguilles aiguillon aire aires alan albert
    alex alexandre algerie alice alix allegre allier allies allons alloue alsace altier andre
    angles angoisse anne anse antoine aout appelle arabe arceau arches arcs ardentes argentine
    armand armes arnaud arrest arret arthur asie athee attaques aubaine aube aucun audi auge
    aurel aurons autels autruche aveux avion aviron avirons avoine avril azur baby baffe
    bagnoles bailly bains bais baleine ballon ballons ballots bannieres bans bar barde barges
    barils baron baronnie barras barre bars bas basse basses bastide baties bats baume bavent
    baye beau beaux bel belge belle belvedere benz bergeres bernard berne berthe besace bey
    biches bidon bief bielle bio blanc blanche bled blond bois boisseau boisseaux bonhomme
    bonnard bonne bonnes bonnet bordes bords borne bosquet bosse boucau bouchon bouee bougon
    bouillante bouille bouillie bouillon boulin boulon boulot bouquet bourdon bourdonne bourg
    bourguignon bourguignons boursieres bouteille branches breches breuil breves brie brigue
    broc brosses brou brousse brunet bruno brusque bruyere bruyeres bu buisson bulle bulles bure
    bures bus butte cabane cabris cagnotte caille camarade came camp campagne campo canari
    cannelle cap capelle carcans cardan carriere cars casses cause cavalerie cave caves celle
    celles cellier cendre centre cerbere cercueil cerisiers cesse chaise chambre champagne
    champenoise champs change chantes chapeau chapelle chapelles charbonnieres chardonnay charge
    charles charme charmee charmes charron chars chassant chataigneraie chateau chatelain
    chatelaine chatre chatte chaudiere chaume chaussee chemin cheminot chene chenu cheres
    chevaline chevillard cheville chevreaux chevrier choisies choux cierges cieux cintre cite
    citerne claire clam clans clapier clapiers clara claude claviers clefs clement clio clos
    cloue cluses coings col colette collegien colline colombe colombes colombier colombine
    colonne combes combles commune comte conde confort conte contes contre contres coquille
    corbeilles cordon cornus coron corsa corte cote coteau couches coudes couleuvre courant
    courbes couronne cours courtes courtine couture coutures crans creances creche crepon creuse
    crevant crique crisse croix crosses croutes cuis cultures cures cuve cuves cuvier dangers
    daniel dauphin david decembre degre demie denier denis deserts detroit devise diamant diane
    dimanche dole dominique don donjon doree doubs douillet doux douze drap dunes duras duster
    eau eaux ecaille echelle echelles ecole ecorces ecueil ecuelle ecurie edith eglise elise
    ella embrun emile emma engins entree epargnes epine epineuse eric erre escale escales
    espagne espere essarts esse estampes estivaux etables etain etais etalon etang etangs
    etienne etoile eu eugene europe eus eve fabien falaise faucon faux feigne felines felix fere
    ferme fermete ferre fete feuillee feux feves fevrier fiat fiefs fiesta fins fleche fleure
    fleurie flora florent florentin florian flotte focus folie folies folles fontaine fontaines
    force ford forestiere foret forge forges fort forteresse fosse fosses fougeres four fourches
    fourneaux fours frais franck francois francs frederic fretin frise fronton gabriel gaillard
    gaillarde garde gare garrigues gaude genets gerald gerard germain germaine gilbert gilles
    giron gisele givre glaire gland golf gonds gorges gosier gousse goutte gouttieres goyave
    graces grand grande grands grange granges gras grasse grave gravelle gray grenade grillon
    grimaud grives gros grues guiche guise guy habit haies halles hanches harry haut haute
    hauteur hauts havre helene henri herbiers heres herisson hommes hopital hotellerie houilles
    houlette hubert huez hugo ifs ines irai irais irene isle isola issus italie ivan jacques
    jans janvier jardin jarret jean jeanne jerome jeudi job joel jose joseph jour joyeuse joyeux
    juif juillet juin jules julien julienne jumeaux jumelles jure jury karim kevin kia lac lacs
    laguna lama lance lancon landes landry lange lasse lattes laurent lavoir leches lent
    lentilles leo leon les leves levier lies liez ligne lime limon limons lisses loches loge
    loges lombard long lorette lorraine lotissement louches loue louer louis louise loupe loupes
    luc lucas lucie lucien lucy luisant lundi lusignan lutter luxe luzerne lydie machine
    madeleine madre mage magenta mages magnan magne mai maille maillet maillot mairie maison
    maisons manoir marc marcel marchais marche marches mardi marie marigot marin marines marions
    marle marne marnes maroc marques marquise marre martel martin martinet martre martres
    martyre mary master mathieu matin maure maurice maurin mauves maux max maxime megane mene
    mens menton menus mer mercedes mercredi mercy merles mesnil meures meurthe meuse michel midi
    migre mine minerve mines mini minot mire miroir moire moisson mole molles monastere monceaux
    monnaie mont montagne monte monts morillon morte mortiers moselle motte mouchard mouche
    mouettes moule moulin moulinet moulins mouron mousse mousson moutiers mouton moyen mure
    mures muret murs mus nages nay neuf neuve nicolas nicole nivelle noe noue nouveau nouvelle
    novembre noyer noyers nuit nuits octobre odile oie olivier omet ondes ongles opel oraison
    orange orgueil ormes ors oscar paille palme pannes pantin parc parent pas pascal passa
    passage passavant patrick paul pauvres peintre peintures pelouse penne perche percy perron
    persan petit petite petits philippe piano pierre pierres pieux pin pince pins place places
    plaigne plaine plaisance plaisir plan planche planches planques plans plats pleure pleurs
    poil poisson poissons polo pommier pommiers pomponne pont pontet ponts porcherie port porta
    portes poses possession pouille pre preaux precheur premontre pres priez pruniers publier
    punto pure puy quarte quartier quentin quintal quinte racines rai raids ramasse rang raves
    raymond real regis relevant remi remy rene reunion reveillon rhin ri richard riche richelieu
    rieux riez rions ris rivas rives riviere rivieres robert roc roche rocher roches rodez
    rodolphe roger roland rom romain romaine romans ronde roquefort roques roquette roquettes
    rosiere rosieres rouet rouille rousses routes routier roux rue russe rustiques sablieres
    sablons sabres saignes saillant sains saint sales saline salins salle salles salon samedi
    samson samuel sana saone sapin sara sarah saules saulx saurais sauvages sauve saxo sceaux
    scenic seat sebastien selles sene sens sentinelle septembre serez serge serpent serre serres
    sers servais serval servant seuil sieges signes simon singles skoda smart soir solange
    sommant son songeons sorbets sorbier sortie souche soude souille soulages soupir source
    sourd souterraine soyons stade stephane steve suisse surin sus suzanne sylvain sylvie
    syndicat table tablier tache taillant taillee talon tampon tartre tasse tavernes temple
    tende tendon tendu teneur termes ternes terrasse tesla tesson theo thierry thomas thons
    tierce tilleul titre tom tombe tonnerre touche touches tour tourne tournes tours trait
    trappes tresses tricot trimer trinite tronche tulle turc twingo union us vacherie vaillant
    vains val valence valentin valentine vallee vals vanne vans varennes vaudeville vaux
    vendredi venelles ventes ventouse verdier verger verges vergne verin vernie verriere
    verrieres verrue vers vert veuve victor vieille vienne viens vieux vif vignes village ville
    villes vincent vira vire vitre vitreux vivier viviers viviez voie voisines volvo vosges voue
    voyer vue william willy y yann yaris yves yvon zoe zone
    """.split()  # noqa: SIM905
)
