"""Short forms of given names outside English: formal name, then what people call it at home."""

from __future__ import annotations

SHORT_FORMS = """
alexander alex sascha sandro lex xander; alexandra alex sandra lexi; andreas andi andy; angelika geli; annegret anne;
antonius toni anton; barbara babsi barbel; benjamin ben benni; bernhard bernd bernie; brigitte gitte biggi; christian
chris christl; christine chris tina christl; christoph chris stoffel; daniel dani; dietrich dieter dirk; dorothea
doris thea dorle; eberhard ebi; elisabeth elli liesl lisa lisbeth sissi elsa else ilse betty; emanuel manu manuel;
ferdinand ferdi; franz franzl; franziska franzi; friedrich fritz fried frederik; friederike rike; gabriele gabi;
gerhard gerd; gertrud trude gerti; gottfried friedel; gunter gunther gunnar; hannelore hanne lore; heinrich heinz
heiner henrik; helmut helmi; hildegard hilde; hubertus hubert; ingeborg inge; jakob jockel; joachim achim jochen jo;
johann hans hannes jan; johanna hanna hanni; johannes hans hannes johann jan; josef sepp beppo jupp; josefine josi
fini; jurgen jorgen; karl karli; karoline karo; katharina kathi kati katja katrin; klaus nikolaus; konrad conny kurt;
leonhard leo; leopold poldi leo; ludwig lutz; magdalena magda lena leni; manfred manni fred; margarete grete gretel
greta gretchen rita marga; maria mia mitzi marie; martin tino; mathilde tilde; matthias matze hias mats; maximilian
max maxi; michael michi michel; michaela michi ela; nikolaus klaus niko; norbert nobby; otmar otto; patrick pat;
reinhard reini hardy; richard richi; robert robi rob; rosemarie rosi romy; rudolf rudi rolf; sabine bine; sebastian
basti wastl; sigfrid sigi; sigmund sigi; stefan steffen stef; stefanie steffi; susanne susi sanne; theodor theo;
theresia resi; thomas tom tommi; ulrich uli; ulrike uli; ursula uschi ulla; valentin vali; veronika vroni; viktoria
vicky; waltraud traudl; werner wern; wilhelm willi willy wim helmut; wolfgang wolf wolfi; alain al; alexandre alex;
anne annie nanette; antoine toine titi; bernadette berna; catherine cathy katia; charles charlot; christophe chris;
dominique dom; emmanuel manu; francois fanfan; francoise fanchon; frederic fred; genevieve ginette; gerard gege;
guillaume guigui; henri riri; jacqueline jacquie; jacques jacquot; jean jeannot; jeanne jeannette jeanine; joseph
jojo; laurent lolo; louis loulou; marcel; marguerite margot; marie mimi manon; mathieu mat; maurice momo; michel mimi;
monique momo; nicolas nico; olivier olive; patrice pat; philippe phil; pierre pierrot; stephane steph; stephanie
steph; sylvie syl; therese; veronique vero; vincent vince; xavier xav; adriana adri; alberto beto berto; alejandra ale
sandra; alejandro alex ale jandro; alfonso fonso poncho; alfredo fredo; ana anita; andres andy; antonia tona tonia;
antonio tono toni antonito; beatriz bea betty; carlos carlitos charly; carmen menchu carmela; carolina caro; catalina
cata; cristina cris tina; cristobal cris tobal; daniela dani; dolores lola loli; domingo mingo; eduardo edu lalo
guayo; enrique quique kike; ernesto neto; esperanza espe; eugenia genia; federico fede; felipe pipe; fernando fer
nando; francisco paco pancho curro kiko fran francis; francisca paqui paca; gabriel gabi; gabriela gabi; gonzalo
gonza; gregorio goyo; guadalupe lupe lupita; guillermo memo guille; gustavo tavo; ignacio nacho; isabel isa chabela;
jesus chus chuy; jorge coque; jose pepe chepe pepito; josefa pepa; juan juanito juancho; juana juanita; leonardo leo;
lorena lore; luis lucho luisito; magdalena malena; manuel manolo manu; manuela manoli; margarita marga; maria mari
maruja; mariana; mario; mercedes merche meche; miguel migue; monica moni; montserrat montse; natalia nata; nicolas
nico; pablo pablito; patricia patri paty; pedro perico; pilar pili; rafael rafa; ramon moncho; raul; ricardo richi;
roberto beto tito; rodrigo rodri; rosario charo; salvador salva chava; santiago santi; sebastian seba; sergio checo;
sofia sofi; susana susi; teresa tere; valentina vale; vicente chente; victoria vicky; antonio tonho toninho; bernardo
nando; carlos carlinhos; francisco chico; gabriel gabi biel; henrique rique; joao joaozinho jao; joaquim quim; jose ze
zeca zezinho; luis lula; luiz lula luizinho; manuel manel; maria mariazinha; miguel miguelito; paulo paulinho; pedro
pedrinho; rafael rafa; roberto beto; rodrigo digo; sebastiao tiao bastiao; alessandra sandra ale; alessandro sandro
ale; alfonso fonzie; andrea dea; antonio tonino nino toni; bartolomeo meo; carlo carletto; caterina rina; cristiano
cris; domenico mimmo nico; elisabetta betta lisa; emanuele lele; federico fede chicco; filippo pippo; francesca franca
cesca; francesco franco ciccio checco; gabriele lele; gaetano tano; giacomo mino; giovanna gianna vanna; giovanni
gianni nino vanni; giuseppe beppe peppe pino peppino; giuseppina pina; lorenzo renzo enzo; luigi gigi gino; margherita
rita; maria mariella; matteo teo; michele lele; nicola nico; pietro piero; roberto berto; salvatore turi toto; stefano
ste; vincenzo enzo; aleksander olek alek; aleksandra ola olka; agnieszka aga agusia; andrzej jedrek; anna ania anka
hania; antoni antek tosiek; barbara basia baska; bartosz bartek; bartlomiej bartek; czeslaw czesiek; dariusz darek;
edward edek; elzbieta ela elka; ewa ewka; franciszek franek; grzegorz grzesiek grzes; halina halinka; henryk heniek;
izabela iza; jadwiga jadzia; jakub kuba; jan janek jasiek jas honza; janina janka; jaroslaw jarek; jerzy jurek; joanna
asia aska; jozef jozek jozo; karolina karola; katarzyna kasia kaska; kazimierz kazik kazek; krystyna krysia; krzysztof
krzysiek krzys; lech leszek; malgorzata gosia goska malgosia; maciej maciek; magdalena magda; maria marysia;
mieczyslaw mietek; mikolaj miki; miroslaw mirek; piotr piotrek; przemyslaw przemek; radoslaw radek; ryszard rysiek;
slawomir slawek; stanislaw staszek stasiek; stanislawa stasia; szymon szymek; tadeusz tadek; tomasz tomek; waldemar
waldek; wieslaw wiesiek; witold witek; wladyslaw wladek; wlodzimierz wlodek; wojciech wojtek; zbigniew zbyszek;
zdzislaw zdzisiek; zofia zosia zoska; zuzanna zuzia; barbora bara; frantisek franta; jaroslav jarda; jiri jirka; josef
pepa; katerina katka; ladislav lada laco; ludmila lida; martin mato; miroslav mirek; petr peta; stanislav standa stas;
stefan stevo; tomas tomik; vaclav vasek; vladimir vlada volodya vova; zdenek zdena; aleksandr sasha shura; aleksandra
sasha; aleksei alyosha lyosha; aleksey alyosha lyosha; alexander sasha; alexandra sasha; alexei alyosha lyosha; alexey
alyosha lyosha; anastasia nastya; anastasiya nastya; anatoly tolya; anna anya; boris borya; daria dasha; darya dasha;
dmitri dima mitya; dmitriy dima mitya; dmitry dima mitya; ekaterina katya; elena lena; evgenia zhenya; evgeniy zhenya;
evgeny zhenya; galina galya; georgy gosha zhora; grigory grisha; irina ira; ivan vanya; konstantin kostya; ksenia
ksyusha; leonid lenya; lyudmila lyuda; maria masha; mariya masha; mikhail misha; mykhailo misha; mykola kolya;
nadezhda nadya; natalia natasha; nataliya natasha; nikolai kolya; nikolay kolya; oksana ksyusha; oleksandr sashko
sasha; olga olya; pavel pasha; polina polya; pyotr petya; roman roma; sergei seryozha; sergey seryozha; sofia sonya;
svetlana sveta; tatiana tanya; tatyana tanya; valentina valya; valery valera; vasily vasya; viktor vitya; viktoria
vika; vladislav vlad; volodymyr vova; vyacheslav slava; yekaterina katya; yelena lena; yevgeny zhenya; yulia yulya;
yuri yura; yuriy yura; andras andris bandi; erzsebet erzsi; ferenc feri; gyorgy gyuri; istvan pista isti; janos jani
jancsi; jozsef joska; katalin kati; laszlo laci; miklos miki; sandor sanyi; tamas tomi; zoltan zoli; adrianus arie ad;
antonius ton toon; catharina toos; cornelis kees cor; elisabeth els liesbeth; franciscus frans; hendrik henk; jacobus
jaap koos; johannes jan joop; lambertus bert; margaretha greet; petrus piet; wilhelmina mien; willem wim; anders ante;
karl kalle; katarina kattis; kristina stina; lars lasse; margareta greta; nils nisse; per pelle; johannes jussi;
juhani jussi; aikaterini katerina; athanasios thanasis; dimitrios dimitris mitsos; emmanouil manolis; georgios
giorgos; ioannis giannis yiannis; konstantinos kostas; nikolaos nikos; panagiotis panos takis; vasileios vasilis;
francesc cesc; josep pep
"""
