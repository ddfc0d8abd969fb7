<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>% new</source>
        <translation>% neu</translation>
    </message>
    <message>
        <source>&amp;About mma-desktop</source>
        <translation>&amp;Über mma-desktop</translation>
    </message>
    <message>
        <source>&amp;Backbone</source>
        <translation>Bac&amp;kbone</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>Projekt &amp;schließen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>Aus dem Projekt ent&amp;fernen</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>&amp;Exportieren</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Quelle</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>&amp;Gruppen</translation>
    </message>
    <message>
        <source>&amp;Guide</source>
        <translation>&amp;Anleitung</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Import folder…</source>
        <translation>Ordner &amp;importieren…</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>&amp;Label</translation>
    </message>
    <message>
        <source>&amp;Labelled pictures too, by their label</source>
        <translation>Auch &amp;gelabelte Bilder, nach ihrem Label</translation>
    </message>
    <message>
        <source>&amp;Load a model…</source>
        <translation>Modell &amp;laden…</translation>
    </message>
    <message>
        <source>&amp;Methods</source>
        <translation>&amp;Methoden</translation>
    </message>
    <message>
        <source>&amp;More like the selected pictures</source>
        <translation>Der Auswahl ä&amp;hnliche Bilder</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Names and prompts…</source>
        <translation>&amp;Namen und Prompts…</translation>
    </message>
    <message>
        <source>&amp;New project…</source>
        <translation>&amp;Neues Projekt…</translation>
    </message>
    <message>
        <source>&amp;Open project…</source>
        <translation>Projekt &amp;öffnen…</translation>
    </message>
    <message>
        <source>&amp;Paste pictures</source>
        <translation>&amp;Bilder einfügen</translation>
    </message>
    <message>
        <source>&amp;Pictures</source>
        <translation>&amp;Bilder</translation>
    </message>
    <message>
        <source>&amp;Pictures in</source>
        <translation>&amp;Bilder in</translation>
    </message>
    <message>
        <source>&amp;Prompt</source>
        <translation>&amp;Prompt</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Redo {edit}</source>
        <translation>&amp;Wiederholen: {edit}</translation>
    </message>
    <message>
        <source>&amp;Replace labels and splits that are there already</source>
        <translation>Vorhandene Labels und Splits &amp;ersetzen</translation>
    </message>
    <message>
        <source>&amp;Same as last</source>
        <translation>Wie &amp;zuletzt</translation>
    </message>
    <message>
        <source>&amp;Same as last: {class_name}</source>
        <translation>Wie &amp;zuletzt: {class_name}</translation>
    </message>
    <message>
        <source>&amp;Shots</source>
        <translation>Sh&amp;ots</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>&amp;Split</translation>
    </message>
    <message>
        <source>&amp;Splits</source>
        <translation>&amp;Splits</translation>
    </message>
    <message>
        <source>&amp;Suggest examples</source>
        <translation>&amp;Beispiele vorschlagen</translation>
    </message>
    <message>
        <source>&amp;Sure from</source>
        <translation>&amp;Sicher ab</translation>
    </message>
    <message>
        <source>&amp;Test this picture</source>
        <translation>Dieses Bild &amp;testen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Undo {edit}</source>
        <translation>&amp;Rückgängig: {edit}</translation>
    </message>
    <message>
        <source>&amp;Unlabelled pictures too</source>
        <translation>Auch &amp;ungelabelte Bilder</translation>
    </message>
    <message>
        <source>&amp;Use folder names as classes and labels</source>
        <translation>Ordnernamen als Klassen und Labels &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Watch a folder…</source>
        <translation>Ordner über&amp;wachen…</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; and &apos;{other_class}&apos; are the same name</source>
        <translation>„{class_name}“ und „{other_class}“ sind derselbe Name</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; has no examples.</source>
        <translation>Von „{class_name}“ gibt es keine Beispiele.</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; has {have} of {shots} shots, and is trained on these.</source>
        <translation>„{class_name}“ hat {have} von {shots} Shots und wird mit diesen trainiert.</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; is probably read as &apos;{other_class}&apos;</source>
        <translation>„{class_name}“ wird wahrscheinlich als „{other_class}“ gelesen</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; is the only new class, and among one name every answer is right: new accuracy needs at least two new classes.</source>
        <translation>„{class_name}“ ist die einzige neue Klasse, und bei nur einem Namen ist jede Antwort richtig: Um die Genauigkeit auf neuen Klassen zu messen, braucht es mindestens zwei davon.</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; may hold &apos;{other_class}&apos;</source>
        <translation>„{class_name}“ schließt „{other_class}“ womöglich ein</translation>
    </message>
    <message>
        <source>&apos;{column}&apos; is not a single label; the picture was taken without one</source>
        <translation>„{column}“ ist kein einzelnes Label; das Bild wurde ohne Label übernommen</translation>
    </message>
    <message>
        <source>&apos;{first}&apos; and &apos;{second}&apos; hold 0 and 1, and not each row has a single 1, so they may be two flags rather than two classes. Choose the column with the label.</source>
        <translation>„{first}“ und „{second}“ enthalten 0 und 1, aber nicht jede Zeile hat genau eine 1; sie können also auch zwei Merkmale statt zweier Klassen sein. Wählen Sie die Spalte mit dem Label.</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; is taken for a class, since there are others and no other split.</source>
        <translation>„{folder}“ gilt als Klasse, denn es gibt andere und keinen weiteren Split.</translation>
    </message>
    <message>
        <source>&apos;{folder}&apos; is the name of a split, not of a class: its pictures have no label.</source>
        <translation>„{folder}“ ist der Name eines Splits, nicht einer Klasse: Die Bilder darin haben kein Label.</translation>
    </message>
    <message>
        <source>&apos;{label}&apos; is taken as &apos;{class_name}&apos;.</source>
        <translation>„{label}“ wird als „{class_name}“ übernommen.</translation>
    </message>
    <message>
        <source>&apos;{name}&apos;</source>
        <translation>„{name}“</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is in the folder &apos;{folder}&apos;</source>
        <translation>„{name}“ liegt im Ordner „{folder}“</translation>
    </message>
    <message>
        <source>&apos;{picture}&apos; has {labels}</source>
        <translation>„{picture}“ hat {labels}</translation>
    </message>
    <message>
        <source>&apos;{run}&apos; is in use, with {classes}.</source>
        <translation>„{run}“ wird jetzt verwendet, mit {classes}.</translation>
    </message>
    <message>
        <source>&apos;{run}&apos; is not used: {reason}</source>
        <translation>„{run}“ wird nicht verwendet: {reason}</translation>
    </message>
    <message>
        <source>&apos;{run}&apos; is the model of this project now.</source>
        <translation>„{run}“ ist jetzt das Modell dieses Projekts.</translation>
    </message>
    <message>
        <source>&apos;{run}&apos; written to {file}.</source>
        <translation>„{run}“ in {file} gespeichert.</translation>
    </message>
    <message>
        <source>(none)</source>
        <translation>(keine)</translation>
    </message>
    <message>
        <source>1 byte</source>
        <translation>1 Byte</translation>
    </message>
    <message numerus="yes">
        <source>1 picture that is almost certain</source>
        <comment>{n} pictures that are almost certain</comment>
        <translation>
            <numerusform>1 Bild, bei dem das Modell fast sicher ist</numerusform>
            <numerusform>{n} Bilder, bei denen das Modell fast sicher ist</numerusform>
        </translation>
    </message>
    <message>
        <source>?: all keys</source>
        <translation>?: alle Tasten</translation>
    </message>
    <message>
        <source>A CSV file with the class and the confidence of every unlabelled picture.</source>
        <translation>Eine CSV-Datei mit Klasse und Konfidenz jedes ungelabelten Bildes.</translation>
    </message>
    <message>
        <source>A JSON file beside each picture, with one flag set: its class.</source>
        <translation>Eine JSON-Datei neben jedem Bild, in der ein Flag gesetzt ist: seine Klasse.</translation>
    </message>
    <message>
        <source>A JSON file that divides the pictures beside it into train, val and test.</source>
        <translation>Eine JSON-Datei, die die Bilder daneben in train, val und test aufteilt.</translation>
    </message>
    <message>
        <source>A benchmark needs pictures for testing: label more.</source>
        <translation>Ein Benchmark braucht Bilder zum Testen: Labeln Sie mehr.</translation>
    </message>
    <message>
        <source>A benchmark needs pictures for training: label more.</source>
        <translation>Ein Benchmark braucht Bilder zum Trainieren: Labeln Sie mehr.</translation>
    </message>
    <message>
        <source>A bottleneck on the image embeddings alone, blended with what they were.</source>
        <translation>Ein Bottleneck nur für die Bild-Embeddings; sein Ergebnis wird mit den ursprünglichen Werten gemischt.</translation>
    </message>
    <message>
        <source>A class needs a name. Type at least one character.</source>
        <translation>Eine Klasse braucht einen Namen. Geben Sie mindestens ein Zeichen ein.</translation>
    </message>
    <message>
        <source>A classifier of the method {method} with the backbone {backbone} cannot be written as {format} ({reason}). Nothing was written; choose another format, or another method.</source>
        <translation>Ein Klassifikator der Methode {method} mit dem Backbone {backbone} lässt sich nicht als {format} schreiben ({reason}). Es wurde nichts geschrieben; wählen Sie ein anderes Format oder eine andere Methode.</translation>
    </message>
    <message>
        <source>A file or folder of another tool</source>
        <translation>Datei oder Ordner eines anderen Programms</translation>
    </message>
    <message>
        <source>A file that this program or Python has exported, or hf://owner/name on the Hugging Face hub, from where it is downloaded. If it has classes that the project lacks, you are asked what to do.</source>
        <translation>Eine Datei, die dieses Programm oder Python exportiert hat, oder hf://owner/name auf dem Hub von Hugging Face, von wo sie heruntergeladen wird. Hat das Modell Klassen, die dem Projekt fehlen, werden Sie gefragt, was geschehen soll.</translation>
    </message>
    <message>
        <source>A file with a problem cannot be labelled. Its reason is below its name.</source>
        <translation>Eine Datei mit einem Problem kann nicht gelabelt werden. Der Grund steht unter ihrem Namen.</translation>
    </message>
    <message>
        <source>A folder of pictures with keywords. A picture&apos;s only keyword is its label, or the one that is a class here.</source>
        <translation>Ein Ordner mit Bildern, die Stichwörter haben. Das einzige Stichwort eines Bildes ist sein Label, oder das eine, das hier eine Klasse ist.</translation>
    </message>
    <message>
        <source>A folder of pictures, also in folders inside it. You label them here.</source>
        <translation>Ein Ordner mit Bildern, auch in Ordnern darin. Die Labels vergeben Sie hier.</translation>
    </message>
    <message>
        <source>A folder of zip archives, each with the pictures of one class and named after it.</source>
        <translation>Ein Ordner mit ZIP-Archiven, jedes mit den Bildern einer Klasse und nach ihr benannt.</translation>
    </message>
    <message>
        <source>A group has one name: take the comma out, or split the group.</source>
        <translation>Eine Gruppe hat einen Namen: Nehmen Sie das Komma heraus, oder teilen Sie die Gruppe.</translation>
    </message>
    <message>
        <source>A linear map of the image embeddings that starts at the identity and is held there by a penalty.</source>
        <translation>Eine lineare Abbildung der Bild-Embeddings, die mit der Identität beginnt und durch einen Strafterm nahe bei ihr gehalten wird.</translation>
    </message>
    <message>
        <source>A picture carries one label: the one it had, or the first one that it was given in this import.</source>
        <translation>Ein Bild hat nur ein Label: das bisherige oder das erste, das es bei diesem Import bekommen hat.</translation>
    </message>
    <message>
        <source>A project is a folder that holds your labels and what was learned from them.</source>
        <translation>Ein Projekt ist ein Ordner mit Ihren Labels und dem, was aus ihnen gelernt wurde.</translation>
    </message>
    <message>
        <source>A prompt template has {found} characters; at most {longest} are possible.</source>
        <translation>Eine Prompt-Vorlage hat {found} Zeichen; höchstens {longest} sind möglich.</translation>
    </message>
    <message>
        <source>A prototype for each base class, held at its text embedding as firmly as zero-shot is right about it. New classes stay zero-shot.</source>
        <translation>Ein Prototyp je Basisklasse, der umso fester an ihrem Text-Embedding gehalten wird, je besser Zero-Shot diese Klasse erkennt. Neue Klassen bleiben Zero-Shot.</translation>
    </message>
    <message>
        <source>A residual on each base class&apos;s text embedding. New classes stay zero-shot.</source>
        <translation>Ein Residuum auf dem Text-Embedding jeder Basisklasse. Neue Klassen bleiben Zero-Shot.</translation>
    </message>
    <message>
        <source>A table (CSV), class folders, or a data set of another tool.</source>
        <translation>Eine Tabelle (CSV), Klassenordner oder ein Datensatz eines anderen Programms.</translation>
    </message>
    <message>
        <source>AUC</source>
        <translation>AUC</translation>
    </message>
    <message>
        <source>About {percent} of them show none of your classes, and get a name too.</source>
        <translation>Etwa {percent} davon zeigen keine Ihrer Klassen und bekommen auch einen Namen.</translation>
    </message>
    <message>
        <source>About {percent} of them show none of your classes, and {tenths} of 10 of those are found.</source>
        <translation>Etwa {percent} davon zeigen keine Ihrer Klassen, und {tenths} von 10 davon werden gefunden.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Accept what is proposed for the selected pictures</source>
        <translation>Vorschlag für die ausgewählten Bilder übernehmen</translation>
    </message>
    <message numerus="yes">
        <source>Accept {n}</source>
        <comment>Accept {n}</comment>
        <translation>
            <numerusform>{n} übernehmen</numerusform>
            <numerusform>{n} übernehmen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Accept {n} picture as {names}</source>
        <comment>Accept {n} pictures as {names}</comment>
        <translation>
            <numerusform>{n} Bild als {names} übernehmen</numerusform>
            <numerusform>{n} Bilder als {names} übernehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>Accepting</source>
        <translation>Übernehmen</translation>
    </message>
    <message numerus="yes">
        <source>Accepting {n} picture would leave none predicted as &apos;{class_name}&apos;. Look at these first.</source>
        <comment>Accepting {n} pictures would leave none predicted as &apos;{class_name}&apos;. Look at these first.</comment>
        <translation>
            <numerusform>Nach dem Übernehmen von {n} Bild wäre keines mehr als „{class_name}“ vorhergesagt. Sehen Sie zuerst diese an.</numerusform>
            <numerusform>Nach dem Übernehmen von {n} Bildern wäre keines mehr als „{class_name}“ vorhergesagt. Sehen Sie zuerst diese an.</numerusform>
        </translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Accuracy among all class names, in percent</source>
        <translation>Genauigkeit, wenn alle Klassennamen zur Wahl stehen, in Prozent</translation>
    </message>
    <message>
        <source>Accuracy among all class names, the mean over the classes</source>
        <translation>Genauigkeit, wenn alle Klassennamen zur Wahl stehen, als Mittel über die Klassen</translation>
    </message>
    <message>
        <source>Accuracy by number of labels</source>
        <translation>Genauigkeit nach Anzahl der Labels</translation>
    </message>
    <message>
        <source>Accuracy by share of unknown pictures</source>
        <translation>Genauigkeit nach Anteil fremder Bilder</translation>
    </message>
    <message>
        <source>Accuracy by shots per class</source>
        <translation>Genauigkeit nach Shots je Klasse</translation>
    </message>
    <message>
        <source>Accuracy not known yet</source>
        <translation>Genauigkeit noch nicht bekannt</translation>
    </message>
    <message>
        <source>Accuracy on base classes, among base names, in percent</source>
        <translation>Genauigkeit auf Basisklassen, wenn nur deren Namen zur Wahl stehen, in Prozent</translation>
    </message>
    <message>
        <source>Accuracy on new classes, among new names, in percent</source>
        <translation>Genauigkeit auf neuen Klassen, wenn nur deren Namen zur Wahl stehen, in Prozent</translation>
    </message>
    <message>
        <source>Adapt text embeddings</source>
        <translation>Text-Embeddings adaptieren</translation>
    </message>
    <message>
        <source>Adapted</source>
        <translation>Mit Adapter</translation>
    </message>
    <message>
        <source>Adapted share</source>
        <translation>Adaptierter Anteil</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add &apos;{name}&apos; as a new class first, then label pictures with it</source>
        <translation>„{name}“ zuerst als neue Klasse hinzufügen, dann Bilder damit labeln</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add as a class</source>
        <translation>Als Klasse hinzufügen</translation>
    </message>
    <message>
        <source>Add at least two classes on the Label page to compare their names.</source>
        <translation>Fügen Sie auf der Seite „Labeln“ mindestens zwei Klassen hinzu, um ihre Namen zu vergleichen.</translation>
    </message>
    <message numerus="yes">
        <source>Add class {names}</source>
        <comment>Add classes {names}</comment>
        <translation>
            <numerusform>Klasse {names} hinzufügen</numerusform>
            <numerusform>Klassen {names} hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>Add classes: cat, dog, …</source>
        <translation>Klassen: Katze, Hund, …</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Add name</source>
        <translation>Namen hinzufügen</translation>
    </message>
    <message>
        <source>Add pictures on the Label page, or drop them anywhere.</source>
        <translation>Fügen Sie auf der Seite „Labeln“ Bilder hinzu oder legen Sie sie irgendwo im Fenster ab.</translation>
    </message>
    <message numerus="yes">
        <source>Add {images}, or train with {n} shot a class.</source>
        <comment>Add {images}, or train with {n} shots per class.</comment>
        <translation>
            <numerusform>Fügen Sie {images} hinzu, oder trainieren Sie mit {n} Shot je Klasse.</numerusform>
            <numerusform>Fügen Sie {images} hinzu, oder trainieren Sie mit {n} Shots je Klasse.</numerusform>
        </translation>
    </message>
    <message>
        <source>Add {name} as a new class</source>
        <translation>{name} als neue Klasse hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>Add {n} more labelled image to train on.</source>
        <comment>Add {n} more labelled images to train on.</comment>
        <translation>
            <numerusform>Fügen Sie {n} weiteres gelabeltes Bild zum Trainieren hinzu.</numerusform>
            <numerusform>Fügen Sie {n} weitere gelabelte Bilder zum Trainieren hinzu.</numerusform>
        </translation>
    </message>
    <message>
        <source>Additive</source>
        <translation>Additiv</translation>
    </message>
    <message>
        <source>Adds a linear classifier of everything the image encoder sees, for trained classes only. Off trains the method as it was published.</source>
        <translation>Fügt einen linearen Klassifikator für alles hinzu, was der Bild-Encoder sieht, nur für trainierte Klassen. Ausgeschaltet wird die Methode trainiert, wie sie veröffentlicht wurde.</translation>
    </message>
    <message>
        <source>After training</source>
        <translation>Nach dem Training</translation>
    </message>
    <message>
        <source>Aircraft</source>
        <translation>Flugzeug</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All classes together</source>
        <translation>Alle Klassen zusammen</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>All groups are done</source>
        <translation>Alle Gruppen sind erledigt</translation>
    </message>
    <message>
        <source>All groups were looked at</source>
        <translation>Alle Gruppen sind durchgesehen</translation>
    </message>
    <message>
        <source>All labels, as a training divides them</source>
        <translation>Alle Labels, aufgeteilt wie bei einem Training</translation>
    </message>
    <message>
        <source>All unlabelled</source>
        <translation>Alle ungelabelten</translation>
    </message>
    <message numerus="yes">
        <source>All {n} in a list</source>
        <comment>All {n} in a list</comment>
        <translation>
            <numerusform>{n} in einer Liste</numerusform>
            <numerusform>Alle {n} in einer Liste</numerusform>
        </translation>
    </message>
    <message>
        <source>Also how numbers and dates are written.</source>
        <translation>Auch die Schreibweise von Zahlen und Datumsangaben.</translation>
    </message>
    <message>
        <source>Also learn from pictures without a label</source>
        <translation>Auch aus Bildern ohne Label lernen</translation>
    </message>
    <message>
        <source>An ImageClassificationDataset: the pictures in data, their classes in labels.json; one such folder a split.</source>
        <translation>Ein ImageClassificationDataset: die Bilder in data, ihre Klassen in labels.json; ein solcher Ordner je Split.</translation>
    </message>
    <message>
        <source>An archive for each class (Teachable Machine)</source>
        <translation>Ein Archiv je Klasse (Teachable Machine)</translation>
    </message>
    <message>
        <source>An experiment is running.</source>
        <translation>Ein Experiment läuft.</translation>
    </message>
    <message>
        <source>Annotations of whole pictures, with a category each; boxes and outlines are left out.</source>
        <translation>Annotationen ganzer Bilder mit je einer Kategorie; Rahmen und Umrisse werden ausgelassen.</translation>
    </message>
    <message numerus="yes">
        <source>Answer {n} question</source>
        <comment>Answer {n} questions</comment>
        <translation>
            <numerusform>{n} Frage beantworten</numerusform>
            <numerusform>{n} Fragen beantworten</numerusform>
        </translation>
    </message>
    <message>
        <source>Answered rightly among all names and None of these, if this share of the pictures is of new classes</source>
        <translation>Richtig beantwortet unter allen Namen und „Keine davon“, wenn dieser Anteil der Bilder neue Klassen zeigt</translation>
    </message>
    <message>
        <source>Any class</source>
        <translation>Alle Klassen</translation>
    </message>
    <message>
        <source>Any model of open_clip, such as ViT-L-14/laion2b_s32b_b82k. Type a part of the name to see those that have it. Nothing is downloaded before you ask for it.</source>
        <translation>Jedes Modell von open_clip, etwa ViT-L-14/laion2b_s32b_b82k. Geben Sie einen Teil des Namens ein, um die Modelle zu sehen, die ihn enthalten. Nichts wird heruntergeladen, bevor Sie es verlangen.</translation>
    </message>
    <message>
        <source>Apple GPU (MPS)</source>
        <translation>Apple-GPU (MPS)</translation>
    </message>
    <message>
        <source>Apr</source>
        <translation>Apr.</translation>
    </message>
    <message>
        <source>Archive (zip, tar)</source>
        <translation>Archiv (zip, tar)</translation>
    </message>
    <message>
        <source>Area under the ROC curve, new classes against base classes, in percent</source>
        <translation>Fläche unter der ROC-Kurve, neue Klassen gegen Basisklassen, in Prozent</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Pfeiltasten</translation>
    </message>
    <message>
        <source>As CoOp, but the vectors also depend on the image. Very slow: each image has texts of its own.</source>
        <translation>Wie CoOp, nur hängen die Vektoren auch vom Bild ab. Sehr langsam: Jedes Bild hat eigene Texte.</translation>
    </message>
    <message>
        <source>As before training</source>
        <translation>Wie vor dem Training</translation>
    </message>
    <message>
        <source>As few mistakes as possible</source>
        <translation>So wenige Fehler wie möglich</translation>
    </message>
    <message>
        <source>As hard links: no space, but an edit of one edits both</source>
        <translation>Als Hardlinks: ohne Platzbedarf, aber Änderungen betreffen beide</translation>
    </message>
    <message>
        <source>As marked on the labels</source>
        <translation>Wie an den Labels vermerkt</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Asking the image model</source>
        <translation>Das Bildmodell befragen</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>Attention-Köpfe</translation>
    </message>
    <message>
        <source>Attention mask</source>
        <translation>Attention-Maske</translation>
    </message>
    <message>
        <source>Aug</source>
        <translation>Aug.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>B minus A</source>
        <translation>B minus A</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the answer before</source>
        <translation>Zurück zur vorigen Antwort</translation>
    </message>
    <message>
        <source>Back to the grid</source>
        <translation>Zurück zum Raster</translation>
    </message>
    <message>
        <source>Back to the starter</source>
        <translation>Zurück zum Starter</translation>
    </message>
    <message>
        <source>Backbone</source>
        <translation>Backbone</translation>
    </message>
    <message>
        <source>Backing up</source>
        <translation>Projekt sichern</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Bars: pictures that were given a class, with 95% ranges. Dashed: as often right as it is sure.</source>
        <translation>Balken: Bilder, denen eine Klasse gegeben wurde, mit 95-%-Bereichen. Gestrichelt: so oft richtig, wie es sicher ist.</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Base accuracy (%)</source>
        <translation>Genauigkeit Basis (%)</translation>
    </message>
    <message>
        <source>Base accuracy measured by</source>
        <translation>Genauigkeit Basis gemessen durch</translation>
    </message>
    <message>
        <source>Base accuracy was not measured in the same way.</source>
        <translation>Die Genauigkeit auf Basisklassen wurde nicht auf dieselbe Weise gemessen.</translation>
    </message>
    <message>
        <source>Base against new accuracy</source>
        <translation>Genauigkeit, Basis gegen Neu</translation>
    </message>
    <message>
        <source>Base and new</source>
        <translation>Basis und Neu</translation>
    </message>
    <message>
        <source>Base and new accuracy by epoch</source>
        <translation>Genauigkeit der trainierten und der neuen Klassen je Epoche</translation>
    </message>
    <message>
        <source>Base classes</source>
        <translation>Basisklassen</translation>
    </message>
    <message>
        <source>Base classes among base names, new classes among new names.</source>
        <translation>Bei Basisklassen stehen die Namen der Basisklassen zur Wahl, bei neuen Klassen die der neuen.</translation>
    </message>
    <message numerus="yes">
        <source>Base: pictures are left out in turn, {n} time. New: {how}. What you get is trained on every label.</source>
        <comment>Base: pictures are left out in turn, {n} times. New: {how}. What you get is trained on every label.</comment>
        <translation>
            <numerusform>Basis: Bilder werden reihum ausgelassen, {n} Mal. Neu: {how}. Was Sie erhalten, ist mit jedem Label trainiert.</numerusform>
            <numerusform>Basis: Bilder werden reihum ausgelassen, {n} Mal. Neu: {how}. Was Sie erhalten, ist mit jedem Label trainiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Batch-Größe</translation>
    </message>
    <message>
        <source>Batch size and epochs must be at least 1, and the patience at least 0. Correct the recipe.</source>
        <translation>Batch-Größe und Epochen müssen mindestens 1 sein, die Geduld mindestens 0. Korrigieren Sie die Werte im Rezept.</translation>
    </message>
    <message>
        <source>Before training</source>
        <translation>Vor dem Training</translation>
    </message>
    <message>
        <source>Big preview</source>
        <translation>Große Vorschau</translation>
    </message>
    <message>
        <source>Big preview; in a spot check, wrong or not</source>
        <translation>Große Vorschau; in einer Stichprobe: falsch oder nicht</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Both apply to the whole project. Experiments learn from labels alone.</source>
        <translation>Beides gilt für das ganze Projekt. Experimente lernen allein aus Labels.</translation>
    </message>
    <message>
        <source>By &amp;words…</source>
        <translation>Mit &amp;Worten…</translation>
    </message>
    <message>
        <source>By name…</source>
        <translation>Per Name…</translation>
    </message>
    <message>
        <source>By shots</source>
        <translation>Nach Shots</translation>
    </message>
    <message>
        <source>C of the logistic regression: more follows the shots more closely; 0 chooses it by cross-validation.</source>
        <translation>C der logistischen Regression: Mehr folgt den Shots enger; bei 0 wird es durch Kreuzvalidierung gewählt.</translation>
    </message>
    <message>
        <source>C&amp;heck the files</source>
        <translation>Dateien &amp;prüfen</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>CSV-Tabelle</translation>
    </message>
    <message>
        <source>Caches</source>
        <translation>Caches</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message numerus="yes">
        <source>Change the use of {n} picture</source>
        <comment>Change the use of {n} pictures</comment>
        <translation>
            <numerusform>Verwendung von {n} Bild ändern</numerusform>
            <numerusform>Verwendung von {n} Bildern ändern</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change what the model reads for {n} class</source>
        <comment>Change what the model reads for {n} classes</comment>
        <translation>
            <numerusform>Bei {n} Klasse ändern, was das Modell liest</numerusform>
            <numerusform>Bei {n} Klassen ändern, was das Modell liest</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Changed on disk. The file was changed; the label belongs to the picture that was added. If it is still a picture, import it again to add that one.</source>
        <translation>Auf dem Datenträger geändert. Das Label gehört zu dem Bild, das hinzugefügt wurde; die Datei enthält inzwischen etwas anderes. Ist sie noch ein Bild, importieren Sie sie erneut, um auch dieses hinzuzufügen.</translation>
    </message>
    <message>
        <source>Check</source>
        <comment>page</comment>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Check and Use</source>
        <translation>Prüfen und Verwenden</translation>
    </message>
    <message>
        <source>Checking the files</source>
        <translation>Dateien prüfen</translation>
    </message>
    <message>
        <source>Checking the labels.</source>
        <translation>Die Labels werden geprüft.</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>Choose a file or folder.</source>
        <translation>Wählen Sie eine Datei oder einen Ordner.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>Wählen Sie einen Ordner.</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Bild auswählen</translation>
    </message>
    <message>
        <source>Choose its format ({formats}), or give it with --format.</source>
        <translation>Wählen Sie das Format ({formats}), oder geben Sie es mit --format an.</translation>
    </message>
    <message>
        <source>Choose one of: {names}.</source>
        <translation>Zur Auswahl stehen: {names}.</translation>
    </message>
    <message>
        <source>Choose one under Train, or try to load it again.</source>
        <translation>Wählen Sie eines unter Trainieren, oder versuchen Sie erneut, es zu laden.</translation>
    </message>
    <message>
        <source>Choose weights file…</source>
        <translation>Gewichtsdatei wählen…</translation>
    </message>
    <message>
        <source>Choose {setting}</source>
        <translation>Auswählen: {setting}</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Chosen on the page Use</source>
        <translation>Auf der Seite „Verwenden“ gewählt</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Class folders (ImageFolder)</source>
        <translation>Klassenordner (ImageFolder)</translation>
    </message>
    <message>
        <source>Class folders or another data set in one file. It is unpacked into a folder beside it.</source>
        <translation>Klassenordner oder ein anderer Datensatz in einer Datei. Sie wird in einen Ordner daneben entpackt.</translation>
    </message>
    <message>
        <source>Class key: label</source>
        <translation>Klassentaste: labeln</translation>
    </message>
    <message>
        <source>Class list</source>
        <translation>Klassenliste</translation>
    </message>
    <message>
        <source>Class name</source>
        <translation>Klassenname</translation>
    </message>
    <message>
        <source>Class names in many languages.</source>
        <translation>Klassennamen in vielen Sprachen.</translation>
    </message>
    <message>
        <source>Class {class_name}</source>
        <translation>Klasse {class_name}</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Clear {cache}</source>
        <translation>Cache leeren: {cache}</translation>
    </message>
    <message>
        <source>Click those that are, or press Space on them, then Enter.</source>
        <translation>Klicken Sie die an, die es sind, oder drücken Sie die Leertaste auf ihnen, dann Enter.</translation>
    </message>
    <message>
        <source>Click those whose name is wrong, or press Space, then Enter. They tell how many of all are right.</source>
        <translation>Klicken Sie die mit falschem Namen an, oder drücken Sie die Leertaste, dann Enter. Daran zeigt sich, wie viele von allen richtig sind.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Liste schließen</translation>
    </message>
    <message>
        <source>Close the project first (Ctrl+W), then restore a backup of it.</source>
        <translation>Schließen Sie zuerst das Projekt (Strg+W), dann stellen Sie eine Sicherung davon wieder her.</translation>
    </message>
    <message>
        <source>CoOp split</source>
        <translation>CoOp-Aufteilung</translation>
    </message>
    <message>
        <source>Colour of class &apos;{class_name}&apos;</source>
        <translation>Farbe der Klasse „{class_name}“ ändern</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>Farben des Fensters.</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Compare &amp;methods</source>
        <translation>Methoden ver&amp;gleichen</translation>
    </message>
    <message>
        <source>Compare methods</source>
        <translation>Methoden vergleichen</translation>
    </message>
    <message>
        <source>Compared with the classes and the names you typed.</source>
        <translation>Verglichen mit den Klassen und den eingegebenen Namen.</translation>
    </message>
    <message>
        <source>Comparing pictures</source>
        <translation>Bilder vergleichen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Confidence against how often it was right</source>
        <translation>Konfidenz und wie oft es richtig war</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>Konfusion</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>Konfusionsmatrix</translation>
    </message>
    <message>
        <source>Context vectors</source>
        <translation>Kontextvektoren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copies or links of the pictures in a new folder, one folder for each class.</source>
        <translation>Kopien der Bilder oder Verknüpfungen in einem neuen Ordner, mit einem Ordner je Klasse.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;report</source>
        <translation>&amp;Bericht kopieren</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Tabelle kopieren</translation>
    </message>
    <message>
        <source>Copy versions, device and the end of the log; your home folder is written as ~</source>
        <translation>Versionen, Gerät und das Ende des Protokolls kopieren; Ihr persönlicher Ordner steht darin als ~</translation>
    </message>
    <message>
        <source>Copying the sample pictures</source>
        <translation>Beispielbilder kopieren</translation>
    </message>
    <message>
        <source>Create project</source>
        <translation>Projekt anlegen</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Dashed: zero-shot, {accuracies}</source>
        <translation>Gestrichelt: Zero-Shot, {accuracies}</translation>
    </message>
    <message>
        <source>Data set: {source}</source>
        <translation>Datensatz: {source}</translation>
    </message>
    <message>
        <source>Date, newest first</source>
        <translation>Datum, neueste zuerst</translation>
    </message>
    <message>
        <source>Date, oldest first</source>
        <translation>Datum, älteste zuerst</translation>
    </message>
    <message>
        <source>Dec</source>
        <translation>Dez.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete class {names}</source>
        <comment>Delete classes {names}</comment>
        <translation>
            <numerusform>Klasse {names} löschen</numerusform>
            <numerusform>Klassen {names} löschen</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete takes the project off this list. Its folder stays.</source>
        <translation>Mit Entf nehmen Sie das Projekt aus dieser Liste. Sein Ordner bleibt.</translation>
    </message>
    <message>
        <source>Delete the version &apos;{run}&apos;?</source>
        <translation>Version „{run}“ löschen?</translation>
    </message>
    <message>
        <source>Delete trainings</source>
        <translation>Trainings löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete {n} training with its adapter?</source>
        <comment>Delete {n} trainings with their adapters?</comment>
        <translation>
            <numerusform>{n} Training mit seinem Adapter löschen?</numerusform>
            <numerusform>{n} Trainings mit ihren Adaptern löschen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted: {what}.</source>
        <translation>Gelöscht: {what}.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Did you mean {names} or {last}?</source>
        <translation>Meinten Sie {names} oder {last}?</translation>
    </message>
    <message>
        <source>Did you mean {name}?</source>
        <translation>Meinten Sie {name}?</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Divisi&amp;on</source>
        <translation>Au&amp;fteilung</translation>
    </message>
    <message>
        <source>Division</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>Do not watch this folder any more; its pictures stay in the project</source>
        <translation>Diesen Ordner nicht mehr überwachen; seine Bilder bleiben im Projekt</translation>
    </message>
    <message>
        <source>Does it show &apos;{class_name}&apos;?</source>
        <translation>Zeigt das Bild „{class_name}“?</translation>
    </message>
    <message>
        <source>Does it show none of your classes?</source>
        <translation>Zeigt das Bild keine Ihrer Klassen?</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>Down-projection</source>
        <translation>Abwärtsprojektion</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Download {size:,} MB</source>
        <translation>{size:,}&#xa0;MB herunterladen</translation>
    </message>
    <message>
        <source>Downloading {done} of {total} MB</source>
        <translation>{done} von {total}&#xa0;MB heruntergeladen</translation>
    </message>
    <message>
        <source>Drawn by the seed</source>
        <translation>Vom Seed gezogen</translation>
    </message>
    <message>
        <source>Drop a folder to test on it</source>
        <translation>Ordner ablegen, um auf ihm zu testen</translation>
    </message>
    <message>
        <source>Drop a picture here</source>
        <translation>Bild hier ablegen</translation>
    </message>
    <message>
        <source>Drop anywhere to add to {project}</source>
        <translation>Irgendwo ablegen, um die Bilder zu {project} hinzuzufügen</translation>
    </message>
    <message>
        <source>Drop folders or pictures anywhere in this window, paste them with Ctrl+V, or choose a folder. Your files stay where they are. A folder with one subfolder per class can give its names as classes and labels.</source>
        <translation>Ziehen Sie Ordner oder Bilder irgendwo in dieses Fenster, fügen Sie sie mit Strg+V ein oder wählen Sie einen Ordner. Ihre Dateien bleiben, wo sie sind. Ein Ordner mit einem Unterordner je Klasse kann seine Namen als Klassen und Labels liefern.</translation>
    </message>
    <message>
        <source>Drop more pictures anywhere, test one on the right, or see what the model gets wrong.</source>
        <translation>Legen Sie irgendwo im Fenster weitere Bilder ab, testen Sie rechts eines, oder sehen Sie nach, wo das Modell sich irrt.</translation>
    </message>
    <message>
        <source>Drop pictures or folders here</source>
        <translation>Bilder oder Ordner hier ablegen</translation>
    </message>
    <message>
        <source>Drop your pictures, type class names, and label 16 pictures of each. It learns while you label.</source>
        <translation>Legen Sie Ihre Bilder ab, geben Sie Klassennamen ein und labeln Sie je 16 Bilder. Gelernt wird schon dabei.</translation>
    </message>
    <message>
        <source>ECE after</source>
        <translation>ECE danach</translation>
    </message>
    <message>
        <source>ECE before</source>
        <translation>ECE davor</translation>
    </message>
    <message>
        <source>Each class</source>
        <translation>Einzelne Klassen</translation>
    </message>
    <message>
        <source>Each epoch was measured on pictures of base + new classes: {counts}.</source>
        <translation>Jede Epoche wurde auf Bildern der Basisklassen + der neuen Klassen gemessen: {counts}.</translation>
    </message>
    <message>
        <source>Each point is measured on the labels there were then. Questions get harder as the model learns, so the curve may fall while the model gets better.</source>
        <translation>Jeder Punkt ist auf den damaligen Labels gemessen. Die Fragen werden schwerer, je mehr das Modell lernt; die Kurve kann also fallen, während das Modell besser wird.</translation>
    </message>
    <message>
        <source>Each seed draws different shots and another start; several, such as 0-2, give a mean and a deviation</source>
        <translation>Jeder Seed zieht andere Shots und einen anderen Startpunkt; mehrere, z.&#xa0;B. 0-2, ergeben Mittelwert und Abweichung</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <source>EfficientNet-Lite0 and all-MiniLM-L6-v2, joined by kernel regression from names to classifiers</source>
        <translation>EfficientNet-Lite0 und all-MiniLM-L6-v2, verbunden durch Kernregression von Namen zu Klassifikatoren</translation>
    </message>
    <message>
        <source>End the training and keep its best epoch so far</source>
        <translation>Das Training beenden und die bisher beste Epoche behalten</translation>
    </message>
    <message>
        <source>End the training with its best epoch so far, and begin no other</source>
        <translation>Das Training mit der bisher besten Epoche beenden und kein weiteres beginnen</translation>
    </message>
    <message>
        <source>Enter: accept</source>
        <translation>Enter: übernehmen</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <source>Epoch {epoch}: {values}</source>
        <translation>Epoche {epoch}: {values}</translation>
    </message>
    <message>
        <source>Epoch {n}</source>
        <translation>Epoche {n}</translation>
    </message>
    <message>
        <source>Epoch {n} of {most}</source>
        <translation>Epoche {n} von {most}</translation>
    </message>
    <message numerus="yes">
        <source>Every class has its example.</source>
        <comment>Every class has its {n} examples.</comment>
        <translation>
            <numerusform>Jede Klasse hat ihr Beispiel.</numerusform>
            <numerusform>Jede Klasse hat ihre {n} Beispiele.</numerusform>
        </translation>
    </message>
    <message>
        <source>Every class is trained, so accuracy on new classes is not measured.</source>
        <translation>Alle Klassen werden trainiert, daher wird die Genauigkeit auf neuen Klassen nicht gemessen.</translation>
    </message>
    <message>
        <source>Every file that was added has a problem. Look at Problems for the reasons.</source>
        <translation>Alle hinzugefügten Dateien haben ein Problem. Die Gründe stehen unter „Probleme“.</translation>
    </message>
    <message>
        <source>Every label is saved. If it does not go on, close the window and start the program again.</source>
        <translation>Alle Labels sind gespeichert. Geht es nicht weiter, schließen Sie das Fenster und starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>Every label is saved. Nothing is kept of a training that is stopped.</source>
        <translation>Alle Labels sind gespeichert. Von einem gestoppten Training bleibt nichts erhalten.</translation>
    </message>
    <message>
        <source>Every label is saved. What is not finished can be started again later.</source>
        <translation>Alle Labels sind gespeichert. Was nicht fertig ist, lässt sich später neu starten.</translation>
    </message>
    <message>
        <source>Every measured picture was right. Wrong ones appear here, to correct or to learn from.</source>
        <translation>Jedes gemessene Bild war richtig. Falsche erscheinen hier, zum Korrigieren oder Lernen.</translation>
    </message>
    <message>
        <source>Every picture is labelled</source>
        <translation>Alle Bilder sind gelabelt</translation>
    </message>
    <message>
        <source>Every picture is taken out. Click one to take it back in.</source>
        <translation>Jedes Bild ist herausgenommen. Klicken Sie auf eines, um es wieder hereinzunehmen.</translation>
    </message>
    <message>
        <source>Every picture was right.</source>
        <translation>Jedes Bild war richtig.</translation>
    </message>
    <message>
        <source>Everything gets a name</source>
        <translation>Alle benennen</translation>
    </message>
    <message>
        <source>Exclusive</source>
        <translation>Exklusiv</translation>
    </message>
    <message>
        <source>Expected calibration error of zero-shot, 15 bins, in points</source>
        <translation>Erwarteter Kalibrierungsfehler von Zero-Shot, 15 Intervalle, in Prozentpunkten</translation>
    </message>
    <message>
        <source>Expected calibration error with the adapter, 15 bins, in points</source>
        <translation>Erwarteter Kalibrierungsfehler mit dem Adapter, 15 Intervalle, in Prozentpunkten</translation>
    </message>
    <message>
        <source>Experiment</source>
        <translation>Experiment</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>Experimente</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export adapter</source>
        <translation>Adapter exportieren</translation>
    </message>
    <message>
        <source>Export the adapter</source>
        <translation>Den Adapter exportieren</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>Exporting features</source>
        <translation>Merkmale exportieren</translation>
    </message>
    <message>
        <source>Exporting predictions</source>
        <translation>Vorhersagen exportieren</translation>
    </message>
    <message>
        <source>Exporting the classifier</source>
        <translation>Klassifikator exportieren</translation>
    </message>
    <message>
        <source>Exporting the model</source>
        <translation>Modell exportieren</translation>
    </message>
    <message>
        <source>Exporting {format}</source>
        <translation>{format} exportieren</translation>
    </message>
    <message>
        <source>F&amp;ind</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>Factorised</source>
        <translation>Faktorisiert</translation>
    </message>
    <message>
        <source>Fahes et al. 2024, the variant for features after the projection</source>
        <translation>Fahes et al. 2024, die Variante für Merkmale nach der Projektion</translation>
    </message>
    <message>
        <source>Feb</source>
        <translation>Feb.</translation>
    </message>
    <message>
        <source>File &amp;name</source>
        <translation>Datei&amp;name</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>File names below the pictures</source>
        <translation>Dateinamen unter den Bildern</translation>
    </message>
    <message>
        <source>Files and safety</source>
        <translation>Dateien und Sicherheit</translation>
    </message>
    <message>
        <source>Files that could not be read as pictures, with the reason</source>
        <translation>Dateien, die sich nicht als Bild lesen ließen, mit dem Grund</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find &amp;missing pictures…</source>
        <translation>&amp;Fehlende Bilder suchen…</translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation>Klasse suchen</translation>
    </message>
    <message>
        <source>Find again…</source>
        <translation>Wiederfinden…</translation>
    </message>
    <message>
        <source>Find pictures by words</source>
        <translation>Bilder mit Worten suchen</translation>
    </message>
    <message>
        <source>Finding groups of pictures</source>
        <translation>Gruppen von Bildern finden</translation>
    </message>
    <message>
        <source>Finding names for the groups</source>
        <translation>Namen für die Gruppen finden</translation>
    </message>
    <message>
        <source>Finds matching pictures, whatever your classes are. No labels needed.</source>
        <translation>Findet die passenden Bilder, welche Klassen Sie auch haben. Labels sind nicht nötig.</translation>
    </message>
    <message>
        <source>First what looks least like the others of its class: outliers, wrong labels.</source>
        <translation>Zuerst, was den anderen seiner Klasse am wenigsten gleicht: Ausreißer, falsche Labels.</translation>
    </message>
    <message>
        <source>First what looks most like the others of its class.</source>
        <translation>Zuerst, was den anderen seiner Klasse am meisten gleicht.</translation>
    </message>
    <message>
        <source>Fix this first</source>
        <translation>Muss zuerst behoben werden</translation>
    </message>
    <message>
        <source>Flower</source>
        <translation>Blume</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder for new projects</source>
        <translation>Ordner für neue Projekte</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Food</source>
        <translation>Essen</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>For ONNX Runtime and all programs that read ONNX, without Python or torch.</source>
        <translation>Für ONNX Runtime und alle Programme, die ONNX lesen, ohne Python oder torch.</translation>
    </message>
    <message>
        <source>For torch in Python, where torch.export.load reads it.</source>
        <translation>Für torch in Python, wo torch.export.load es liest.</translation>
    </message>
    <message>
        <source>Forget &apos;{name}&apos;</source>
        <translation>„{name}“ aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>From a picture to its probabilities, as ONNX or torch.export.</source>
        <translation>Vom Bild zu seinen Wahrscheinlichkeiten, als ONNX oder torch.export.</translation>
    </message>
    <message>
        <source>From names alone</source>
        <translation>Nur aus Namen</translation>
    </message>
    <message numerus="yes">
        <source>From names alone and {n} label</source>
        <comment>From names alone and {n} labels</comment>
        <translation>
            <numerusform>Nur aus Namen und {n} Label</numerusform>
            <numerusform>Nur aus Namen und {n} Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>From the prompts that CLIP&apos;s authors published for each data set (Radford et al. 2021). The definitions of &apos;Photo and dictionary&apos; are WordNet&apos;s.</source>
        <translation>Aus den Prompts, die die Autoren von CLIP für jeden Datensatz veröffentlicht haben (Radford et al. 2021). Die Definitionen von „Foto und Wörterbuch“ stammen aus WordNet.</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gewinn</translation>
    </message>
    <message>
        <source>Gain in H over zero-shot with the same prompts, in points; without new classes, gain in accuracy among all names</source>
        <translation>H minus H von Zero-Shot mit denselben Prompts, in Prozentpunkten; ohne neue Klassen für die Genauigkeit unter allen Namen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Start vorbereiten</translation>
    </message>
    <message>
        <source>Getting the questions ready</source>
        <translation>Fragen werden vorbereitet</translation>
    </message>
    <message>
        <source>Give the selected pictures the class of that key</source>
        <translation>Den ausgewählten Bildern die Klasse dieser Taste geben</translation>
    </message>
    <message>
        <source>Give them back to training</source>
        <translation>Wieder zum Training freigeben</translation>
    </message>
    <message>
        <source>Go back to it</source>
        <translation>Dahin zurückkehren</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on with {job}</source>
        <translation>„{job}“ fortsetzen</translation>
    </message>
    <message>
        <source>Go to Check</source>
        <translation>Zum Prüfen</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>Zum Training</translation>
    </message>
    <message>
        <source>Go to labelling</source>
        <translation>Zum Labeln</translation>
    </message>
    <message>
        <source>Groups of pictures</source>
        <translation>Gruppen von Bildern</translation>
    </message>
    <message>
        <source>Groups of pictures that look alike are being found. You can also name your classes.</source>
        <translation>Gruppen ähnlicher Bilder werden gesucht. Sie können auch schon Ihre Klassen benennen.</translation>
    </message>
    <message>
        <source>Harmonic mean (H)</source>
        <translation>Harmonisches Mittel (H)</translation>
    </message>
    <message>
        <source>Harmonic mean of base and new accuracy, in percent</source>
        <translation>Harmonisches Mittel der Genauigkeit auf Basisklassen und auf neuen Klassen, in Prozent</translation>
    </message>
    <message>
        <source>Held back</source>
        <translation>Zurückgehalten</translation>
    </message>
    <message>
        <source>Hide settings</source>
        <translation>Einstellungen ausblenden</translation>
    </message>
    <message>
        <source>Highest minus lowest</source>
        <translation>Höchste minus niedrigste</translation>
    </message>
    <message>
        <source>Home</source>
        <comment>page</comment>
        <translation>Start</translation>
    </message>
    <message>
        <source>How a class name is put to the text encoder, {} for the name. Empty: what suits the image model.</source>
        <translation>Wie ein Klassenname dem Text-Encoder vorgelegt wird; {} steht für den Namen. Leer: was zum Bildmodell passt.</translation>
    </message>
    <message>
        <source>How a class name is put to the text encoder; {} stands for the name. Of this experiment only</source>
        <translation>Wie ein Klassenname dem Text-Encoder vorgelegt wird; {} steht für den Namen. Gilt nur für dieses Experiment</translation>
    </message>
    <message>
        <source>How firmly the map is held at the identity; divided by the shots per class. More keeps new classes, less learns more of the base classes.</source>
        <translation>Wie fest die Abbildung an der Identität gehalten wird; geteilt durch die Shots pro Klasse. Mehr erhält neue Klassen, weniger lernt mehr von den Basisklassen.</translation>
    </message>
    <message>
        <source>How good the model is and what it confuses, as one HTML file for any browser.</source>
        <translation>Wie gut das Modell ist und was es verwechselt, als eine HTML-Datei für jeden Browser.</translation>
    </message>
    <message>
        <source>How good the model really is shows best on pictures that it never learned from. Drop a folder of them here, with a folder for each class.</source>
        <translation>Wie gut das Modell wirklich ist, zeigt sich am besten an Bildern, aus denen es nie gelernt hat. Legen Sie einen Ordner mit solchen hier ab, mit einem Ordner für jede Klasse.</translation>
    </message>
    <message>
        <source>How many labelled pictures of each base class are trained on. The paper uses 16.</source>
        <translation>Mit wie vielen gelabelten Bildern jeder Basisklasse trainiert wird. Im Paper sind es 16.</translation>
    </message>
    <message>
        <source>How many of its pictures are given this class (recall)</source>
        <translation>Wie vielen ihrer Bilder diese Klasse gegeben wird (Recall)</translation>
    </message>
    <message>
        <source>How many of those given this class show it (precision)</source>
        <translation>Wie viele von denen, denen diese Klasse gegeben wird, sie zeigen (Precision)</translation>
    </message>
    <message>
        <source>How many of those left are right is not known yet.</source>
        <translation>Wie viele der übrigen richtig sind, ist noch nicht bekannt.</translation>
    </message>
    <message>
        <source>How many pictures are right is not known yet</source>
        <translation>Wie viele Bilder richtig sind, ist noch nicht bekannt</translation>
    </message>
    <message>
        <source>How many prompts are learned.</source>
        <translation>Anzahl der Prompts, die gelernt werden.</translation>
    </message>
    <message>
        <source>How many show none of your classes is not known yet.</source>
        <translation>Wie viele keine Ihrer Klassen zeigen, ist noch nicht bekannt.</translation>
    </message>
    <message>
        <source>How many vectors are learned before the class name.</source>
        <translation>Anzahl der Vektoren, die vor dem Klassennamen gelernt werden.</translation>
    </message>
    <message>
        <source>How much of each embedding is replaced by its adapted version: 0 is zero-shot, 1 the adapter alone.</source>
        <translation>Wie viel von jedem Embedding durch seine adaptierte Fassung ersetzt wird: 0 ist Zero-Shot, 1 der Adapter allein.</translation>
    </message>
    <message>
        <source>How often it is right was not measured.</source>
        <translation>Wie oft es richtig liegt, wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>How to use it</source>
        <translation>So wird es verwendet</translation>
    </message>
    <message>
        <source>Hugging Face Parquet and Arrow</source>
        <translation>Hugging Face Parquet und Arrow</translation>
    </message>
    <message>
        <source>Identity adapter</source>
        <translation>Identitätsadapter</translation>
    </message>
    <message>
        <source>Image map</source>
        <translation>Bildabbildung</translation>
    </message>
    <message>
        <source>Image model of new projects</source>
        <translation>Bildmodell neuer Projekte</translation>
    </message>
    <message>
        <source>ImageNet, the six of its templates that are about drawings</source>
        <translation>ImageNet, die sechs Vorlagen, in denen es um Zeichnungen geht</translation>
    </message>
    <message>
        <source>ImageNet, the subset of 7 (&apos;itap&apos;: I took a picture)</source>
        <translation>ImageNet, die Auswahl von 7 („itap“: I took a picture)</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Images a step, at most. The paper&apos;s adapter uses 256.</source>
        <translation>Höchstzahl der Bilder je Schritt. Der Adapter des Papers verwendet 256.</translation>
    </message>
    <message>
        <source>Images are first moved by the linear map of Quick, and attention learns on top of it. Off trains the method as it was published.</source>
        <translation>Bilder werden zuerst von der linearen Abbildung von Schnell verschoben, und die Attention lernt darauf aufbauend. Aus trainiert das Verfahren, wie es veröffentlicht wurde.</translation>
    </message>
    <message>
        <source>Images trained on</source>
        <translation>Trainingsbilder</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Import &amp;files…</source>
        <translation>&amp;Dateien importieren…</translation>
    </message>
    <message>
        <source>Import from another &amp;tool…</source>
        <translation>Aus anderem Pro&amp;gramm importieren…</translation>
    </message>
    <message>
        <source>Import from another tool</source>
        <translation>Aus anderem Programm importieren</translation>
    </message>
    <message>
        <source>Import from {source}</source>
        <translation>Import aus {source}</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>Bilder importieren</translation>
    </message>
    <message numerus="yes">
        <source>Import {n} picture</source>
        <comment>Import {n} pictures</comment>
        <translation>
            <numerusform>{n} Bild importieren</numerusform>
            <numerusform>{n} Bilder importieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Importing pictures</source>
        <translation>Bilder importieren</translation>
    </message>
    <message>
        <source>In percent with 95% intervals, n = {images:,}.</source>
        <translation>In Prozent mit 95-%-Intervallen, n = {images:,}.</translation>
    </message>
    <message>
        <source>In the order of the list</source>
        <translation>Nach der Liste</translation>
    </message>
    <message>
        <source>In the pictures: take one out, or back in</source>
        <translation>In den Bildern: eines herausnehmen oder wieder hereinnehmen</translation>
    </message>
    <message>
        <source>In the preview: zoom in, zoom out, all of it; Shift and arrows move it</source>
        <translation>In der Vorschau: vergrößern, verkleinern, ganzes Bild; Umschalt+Pfeiltasten verschieben den Ausschnitt</translation>
    </message>
    <message>
        <source>In use, from {when}</source>
        <translation>Wird verwendet, vom {when}</translation>
    </message>
    <message numerus="yes">
        <source>In {n} place:</source>
        <comment>In {n} places:</comment>
        <translation>
            <numerusform>An {n} Ort:</numerusform>
            <numerusform>An {n} Orten:</numerusform>
        </translation>
    </message>
    <message>
        <source>Intel GPU (XPU)</source>
        <translation>Intel-GPU (XPU)</translation>
    </message>
    <message>
        <source>Inverse penalty</source>
        <translation>Kehrwert des Strafterms</translation>
    </message>
    <message>
        <source>Is a class</source>
        <translation>Vorhanden</translation>
    </message>
    <message numerus="yes">
        <source>Is this one wrong?</source>
        <comment>Which of these {n} are wrong?</comment>
        <translation>
            <numerusform>Ist dieses falsch?</numerusform>
            <numerusform>Welche dieser {n} sind falsch?</numerusform>
        </translation>
    </message>
    <message>
        <source>It ends after this many epochs without a better validation loss. With 0 all epochs are trained.</source>
        <translation>Das Training endet nach so vielen Epochen ohne besseren Validierungs-Loss. Bei 0 werden alle Epochen trainiert.</translation>
    </message>
    <message numerus="yes">
        <source>It has {n} class that is not in this project: {class_names}. Using it here adds that, and can be taken back in one step. Only looking shows what it says of your pictures, and changes nothing.</source>
        <comment>It has {n} classes that are not in this project: {class_names}. Using it here adds them, and can be taken back in one step. Only looking shows what it says of your pictures, and changes nothing.</comment>
        <translation>
            <numerusform>Es hat {n} Klasse, die es in diesem Projekt nicht gibt: {class_names}. Wenn Sie es hier verwenden, kommt sie hinzu; das lässt sich in einem Schritt zurücknehmen. Wenn Sie nur ansehen, was es zu Ihren Bildern sagt, ändert sich nichts.</numerusform>
            <numerusform>Es hat {n} Klassen, die es in diesem Projekt nicht gibt: {class_names}. Wenn Sie es hier verwenden, kommen sie hinzu; das lässt sich in einem Schritt zurücknehmen. Wenn Sie nur ansehen, was es zu Ihren Bildern sagt, ändert sich nichts.</numerusform>
        </translation>
    </message>
    <message>
        <source>It is not kept which pictures were wrong. A new experiment keeps them.</source>
        <translation>Welche Bilder falsch waren, ist nicht gespeichert. Ein neues Experiment speichert sie.</translation>
    </message>
    <message numerus="yes">
        <source>It is right</source>
        <comment>All {n} are right</comment>
        <translation>
            <numerusform>Es ist richtig</numerusform>
            <numerusform>Alle {n} sind richtig</numerusform>
        </translation>
    </message>
    <message>
        <source>It is the class of that key</source>
        <translation>Es ist die Klasse dieser Taste</translation>
    </message>
    <message>
        <source>It is unpacked already, in {folder}.</source>
        <translation>Es ist schon entpackt, in {folder}.</translation>
    </message>
    <message>
        <source>It takes none.</source>
        <translation>Sie hat keine Optionen.</translation>
    </message>
    <message>
        <source>It takes {options}.</source>
        <translation>Ihre Optionen: {options}.</translation>
    </message>
    <message>
        <source>It was tested elsewhere, on other pictures. Try it on yours under Use.</source>
        <translation>Es wurde anderswo getestet, auf anderen Bildern. Probieren Sie es unter „Verwenden“ auf Ihren aus.</translation>
    </message>
    <message>
        <source>It was trained elsewhere and says nothing of your labels. The model that learns does.</source>
        <translation>Es wurde anderswo trainiert und sagt nichts über Ihre Labels. Das lernende Modell schon.</translation>
    </message>
    <message>
        <source>It was {accuracy}; since then: {changes}.</source>
        <translation>Es waren {accuracy}; seitdem: {changes}.</translation>
    </message>
    <message>
        <source>Its file does not record an accuracy.</source>
        <translation>In seiner Datei steht keine Genauigkeit.</translation>
    </message>
    <message>
        <source>Its file in the project is deleted. This cannot be undone.</source>
        <translation>Die zugehörige Datei im Projekt wird gelöscht. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Its numbers cannot be read. Use the model that learns, or load this one again.</source>
        <translation>Die Zahlen sind nicht lesbar. Verwenden Sie das lernende Modell, oder laden Sie dieses noch einmal.</translation>
    </message>
    <message>
        <source>Jan</source>
        <translation>Jan.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Jul</source>
        <translation>Juli</translation>
    </message>
    <message>
        <source>Jun</source>
        <translation>Juni</translation>
    </message>
    <message>
        <source>Just added</source>
        <translation>Gerade hinzugefügt</translation>
    </message>
    <message>
        <source>Keep labels</source>
        <translation>Labels behalten</translation>
    </message>
    <message numerus="yes">
        <source>Keep one copy</source>
        <comment>Keep one copy each of {n} pictures</comment>
        <translation>
            <numerusform>Eine Kopie behalten</numerusform>
            <numerusform>Je eine Kopie von {n} Bildern behalten</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep this version</source>
        <translation>Version behalten</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message numerus="yes">
        <source>Keep {n} label</source>
        <comment>Keep {n} labels</comment>
        <translation>
            <numerusform>{n} Label behalten</numerusform>
            <numerusform>{n} Labels behalten</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep: {size}</source>
        <translation>Behalten: {size}</translation>
    </message>
    <message>
        <source>Keeping pictures</source>
        <translation>Bilder speichern</translation>
    </message>
    <message>
        <source>Keeping the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Kept as the version &apos;{run}&apos;. The model goes on learning.</source>
        <translation>Als Version „{run}“ behalten. Das Modell lernt weiter.</translation>
    </message>
    <message>
        <source>Kept for speed alone: no label, project or model is in them, and each is made again when it is needed.</source>
        <translation>Caches dienen nur der Geschwindigkeit: Labels, Projekte und Modelle liegen nicht darin, und jeder wird bei Bedarf neu erzeugt.</translation>
    </message>
    <message>
        <source>Kept: epoch {n}. Trained on every label, in {duration}.</source>
        <translation>Behalten: Epoche {n}. Mit jedem Label trainiert, in {duration}.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Key of class &apos;{class_name}&apos;</source>
        <translation>Taste der Klasse „{class_name}“ ändern</translation>
    </message>
    <message numerus="yes">
        <source>Keyword written for {n} picture</source>
        <comment>Keywords written for {n} pictures</comment>
        <translation>
            <numerusform>Stichwort für {n} Bild geschrieben</numerusform>
            <numerusform>Stichwörter für {n} Bilder geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Keywords (XMP)</source>
        <translation>Stichwörter (XMP)</translation>
    </message>
    <message>
        <source>Keywords beside the pictures</source>
        <translation>Stichwörter neben den Bildern</translation>
    </message>
    <message>
        <source>Key…</source>
        <translation>Taste…</translation>
    </message>
    <message>
        <source>Label</source>
        <comment>job</comment>
        <translation>Labeln</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Label</source>
        <comment>page</comment>
        <translation>Labeln</translation>
    </message>
    <message>
        <source>Label 16 shots a class</source>
        <translation>16 Shots je Klasse labeln</translation>
    </message>
    <message>
        <source>Label a few photos per class and train a Multi-Modal Adapter over frozen CLIP features (Seputis, Mihailov, Chatterjee and Xiao: Multi-Modal Adapter for Vision-Language Models, 2024, arXiv:2409.02958). Everything runs on this machine: no picture, label or number leaves it.</source>
        <translation>Geben Sie wenigen Fotos je Klasse ein Label und trainieren Sie einen Multi-Modal Adapter über eingefrorenen CLIP-Merkmalen (Seputis, Mihailov, Chatterjee und Xiao: Multi-Modal Adapter for Vision-Language Models, 2024, arXiv:2409.02958). Alles läuft auf diesem Computer: Kein Bild, kein Label und keine Zahl verlässt ihn.</translation>
    </message>
    <message>
        <source>Label as</source>
        <translation>Labeln als</translation>
    </message>
    <message>
        <source>Label as {class_name}</source>
        <translation>Als {class_name} labeln</translation>
    </message>
    <message>
        <source>Label at least three pictures of two classes each first; wrong labels show by comparison with the others.</source>
        <translation>Labeln Sie zuerst in zwei Klassen je mindestens drei Bilder; falsche Labels zeigen sich im Vergleich mit den übrigen.</translation>
    </message>
    <message>
        <source>Label by name…</source>
        <translation>Per Name labeln…</translation>
    </message>
    <message numerus="yes">
        <source>Label from {n} class folder</source>
        <comment>Label from {n} class folders</comment>
        <translation>
            <numerusform>Labels aus {n} Klassenordner übernehmen</numerusform>
            <numerusform>Labels aus {n} Klassenordnern übernehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>Label some pictures, and the ones most like this one are shown here.</source>
        <translation>Labeln Sie einige Bilder; hier erscheinen dann die, die diesem Bild am ähnlichsten sind.</translation>
    </message>
    <message>
        <source>Label the pictures with the name</source>
        <translation>Die Bilder mit dem Namen labeln</translation>
    </message>
    <message>
        <source>Label the selected pictures</source>
        <translation>Die ausgewählten Bilder labeln</translation>
    </message>
    <message>
        <source>Label two pictures each of two classes: one is left out in turn to test what was learned.</source>
        <translation>Beschriften Sie je zwei Bilder von zwei Klassen: Reihum wird eines ausgelassen, um zu prüfen, was gelernt wurde.</translation>
    </message>
    <message>
        <source>Label what belongs to no class &apos;None of these&apos; instead.</source>
        <translation>Labeln Sie stattdessen als „Keine davon“, was zu keiner Klasse gehört.</translation>
    </message>
    <message numerus="yes">
        <source>Label {n} as {class_name}</source>
        <comment>Label {n} as {class_name}</comment>
        <translation>
            <numerusform>{n} als {class_name} labeln</numerusform>
            <numerusform>{n} als {class_name} labeln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Label {n} picture as</source>
        <comment>Label {n} pictures as</comment>
        <translation>
            <numerusform>{n} Bild labeln als</numerusform>
            <numerusform>{n} Bilder labeln als</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Label {n} picture as {names}</source>
        <comment>Label {n} pictures as {names}</comment>
        <translation>
            <numerusform>{n} Bild als {names} labeln</numerusform>
            <numerusform>{n} Bilder als {names} labeln</numerusform>
        </translation>
    </message>
    <message>
        <source>Label, Check and Use then show this model. You can take it back.</source>
        <translation>„Labeln“, „Prüfen“ und „Verwenden“ zeigen dann dieses Modell. Sie können das zurücknehmen.</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Gelabelt</translation>
    </message>
    <message>
        <source>Labelled as</source>
        <translation>Gelabelt als</translation>
    </message>
    <message>
        <source>Labelled as {class_name}</source>
        <translation>Gelabelt als {class_name}</translation>
    </message>
    <message>
        <source>Labelled images of each base class that are trained on; several such as 4, 8, 16</source>
        <translation>Gelabelte Bilder jeder Basisklasse, mit denen trainiert wird; auch mehrere Anzahlen, z.&#xa0;B. 4, 8, 16</translation>
    </message>
    <message>
        <source>Labelled {label}. {question}</source>
        <translation>Gelabelt als {label}. {question}</translation>
    </message>
    <message>
        <source>Labelling</source>
        <translation>Labeln</translation>
    </message>
    <message>
        <source>Labelling and training</source>
        <translation>Labeln und trainieren</translation>
    </message>
    <message>
        <source>Labelling, in the grid or the preview of Label and Use</source>
        <translation>Labeln, im Raster oder in der Vorschau von „Labeln“ und „Verwenden“</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Labels and features</source>
        <translation>Labels und Merkmale</translation>
    </message>
    <message>
        <source>Labels and pictures</source>
        <translation>Labels und Bilder</translation>
    </message>
    <message>
        <source>Labels stay. Every picture is looked at anew with another one, and what was looked at before is kept: going back takes no time.</source>
        <translation>Labels bleiben. Mit einem anderen wird jedes Bild neu ausgewertet, und was schon ausgewertet war, bleibt erhalten: Der Weg zurück kostet keine Zeit.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Learned from {labels}</source>
        <translation>Gelernt aus {labels}</translation>
    </message>
    <message numerus="yes">
        <source>Learned from {n} label, accuracy not known yet</source>
        <comment>Learned from {n} labels, accuracy not known yet</comment>
        <translation>
            <numerusform>Aus {n} Label gelernt, Genauigkeit noch nicht bekannt</numerusform>
            <numerusform>Aus {n} Labels gelernt, Genauigkeit noch nicht bekannt</numerusform>
        </translation>
    </message>
    <message>
        <source>Learning from your answers</source>
        <translation>Lernt aus Ihren Antworten</translation>
    </message>
    <message>
        <source>Learning from your labels</source>
        <translation>Lernt aus Ihren Labels</translation>
    </message>
    <message>
        <source>Learning from your labels: until then these predictions come from the names alone.</source>
        <translation>Lernt aus Ihren Labels: Bis dahin stammen diese Vorhersagen nur aus den Namen.</translation>
    </message>
    <message>
        <source>Learning model</source>
        <translation>Lernendes Modell</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Learns a collection of prompts and treats their text embeddings as a distribution. Slow.</source>
        <translation>Lernt eine Sammlung von Prompts und behandelt deren Text-Embeddings als Verteilung. Langsam.</translation>
    </message>
    <message>
        <source>Learns the words before the class name, as vectors in front of the text encoder. Slow.</source>
        <translation>Lernt die Wörter vor dem Klassennamen als Vektoren, die in den Text-Encoder gehen. Langsam.</translation>
    </message>
    <message>
        <source>Least confident</source>
        <translation>Niedrigste Konfidenz</translation>
    </message>
    <message>
        <source>Least typical</source>
        <translation>Untypischste</translation>
    </message>
    <message>
        <source>Leave it off if they are mostly of other things, or have little in common with what is to be predicted.</source>
        <translation>Schalten Sie es aus, wenn diese meist anderes zeigen oder wenig mit dem gemeinsam haben, was vorhergesagt werden soll.</translation>
    </message>
    <message>
        <source>Leave the group for later</source>
        <translation>Die Gruppe für später lassen</translation>
    </message>
    <message>
        <source>Leave the selected pictures out, or keep their labels</source>
        <translation>Die ausgewählten Bilder auslassen oder ihre Labels behalten</translation>
    </message>
    <message numerus="yes">
        <source>Leave {n} out</source>
        <comment>Leave {n} out</comment>
        <translation>
            <numerusform>{n} auslassen</numerusform>
            <numerusform>{n} auslassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Left out, in the list already: {names}.</source>
        <translation>Ausgelassen, da schon in der Liste: {names}.</translation>
    </message>
    <message>
        <source>Left out: {files}.</source>
        <translation>Ausgelassen: {files}.</translation>
    </message>
    <message>
        <source>Let it read a common word for it, or give examples: suggestions start after the first labels.</source>
        <translation>Lassen Sie es ein geläufiges Wort dafür lesen, oder geben Sie Beispiele: Vorschläge kommen nach den ersten Labels.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Likeliest {class_name}</source>
        <translation>Am wahrscheinlichsten {class_name}</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Linear probe</source>
        <translation>Lineare Probe</translation>
    </message>
    <message>
        <source>Lines of addresses in a bucket with their labels; the pictures are looked for in a local copy.</source>
        <translation>Zeilen mit Adressen in einem Bucket und ihren Labels; die Bilder werden in einer lokalen Kopie gesucht.</translation>
    </message>
    <message>
        <source>Lists ImageSets/Main/&lt;class&gt;_&lt;set&gt;.txt that say which pictures show the class; boxes are not read.</source>
        <translation>Listen ImageSets/Main/&lt;class&gt;_&lt;set&gt;.txt, die angeben, welche Bilder die Klasse zeigen; Rahmen werden nicht gelesen.</translation>
    </message>
    <message>
        <source>Lists of suggestions, suspected labels or copies</source>
        <translation>Listen von Vorschlägen, verdächtigen Labels oder Kopien</translation>
    </message>
    <message>
        <source>Lists train.txt, val.txt, test.txt of file names and class numbers, the classes in synsets.txt, the pictures in images. CVAT&apos;s other layout is class folders. Of CVAT&apos;s XML the tags are read.</source>
        <translation>Listen train.txt, val.txt, test.txt mit Dateinamen und Klassennummern, die Klassen in synsets.txt, die Bilder in images. Der andere Aufbau von CVAT sind Klassenordner. Aus dem XML von CVAT werden die Tags gelesen.</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Load a model</source>
        <translation>Modell laden</translation>
    </message>
    <message>
        <source>Load adapter</source>
        <translation>Adapter laden</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Loading a model</source>
        <translation>Modell laden</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Modell laden</translation>
    </message>
    <message>
        <source>Logistic regression on the image features, as in Teachable Machine and Lobe, with the penalty chosen by cross-validation. Reads no class names: the others stay zero-shot.</source>
        <translation>Logistische Regression auf den Bildmerkmalen, wie bei Teachable Machine und Lobe, mit einem durch Kreuzvalidierung gewählten Strafterm. Liest keine Klassennamen: Die anderen bleiben bei Zero-Shot.</translation>
    </message>
    <message numerus="yes">
        <source>Look at it: the key of another class corrects it.</source>
        <comment>Look them through: the key of another class corrects the selected ones.</comment>
        <translation>
            <numerusform>Sehen Sie es an: Die Taste einer anderen Klasse korrigiert es.</numerusform>
            <numerusform>Sehen Sie sie durch: Die Taste einer anderen Klasse korrigiert die ausgewählten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at pictures as soon as they are imported</source>
        <translation>Bilder gleich nach dem Import auswerten</translation>
    </message>
    <message>
        <source>Look at them now</source>
        <translation>Jetzt auswerten</translation>
    </message>
    <message>
        <source>Look elsewhere…</source>
        <translation>Woanders suchen…</translation>
    </message>
    <message numerus="yes">
        <source>Look over {n} sure one</source>
        <comment>Look over {n} sure ones</comment>
        <translation>
            <numerusform>{n} sicheres durchsehen</numerusform>
            <numerusform>{n} sichere durchsehen</numerusform>
        </translation>
    </message>
    <message>
        <source>Looked at {how_far}</source>
        <translation>Ausgewertet: {how_far}</translation>
    </message>
    <message>
        <source>Looking at files</source>
        <translation>Dateien prüfen</translation>
    </message>
    <message>
        <source>Looking at pictures</source>
        <translation>Bilder auswerten</translation>
    </message>
    <message>
        <source>Looking at pictures again, as the image model is of another version now</source>
        <translation>Bilder werden neu ausgewertet, da das Bildmodell jetzt eine andere Version hat</translation>
    </message>
    <message>
        <source>Looking at the folders.</source>
        <translation>Die Ordner werden geprüft.</translation>
    </message>
    <message>
        <source>Looking at the names.</source>
        <translation>Die Namen werden geprüft.</translation>
    </message>
    <message>
        <source>Looking at the pictures</source>
        <translation>Bilder auswerten</translation>
    </message>
    <message>
        <source>Looking at what was dropped</source>
        <translation>Was abgelegt wurde, wird gesichtet</translation>
    </message>
    <message>
        <source>Looking for it.</source>
        <translation>Das Modell wird gesucht.</translation>
    </message>
    <message>
        <source>Looking for missing pictures</source>
        <translation>Fehlende Bilder suchen</translation>
    </message>
    <message>
        <source>Looking for pictures</source>
        <translation>Bilder suchen</translation>
    </message>
    <message>
        <source>Looking for wrong labels</source>
        <translation>Falsche Labels suchen</translation>
    </message>
    <message numerus="yes">
        <source>Looking for {n} picture</source>
        <comment>Looking for {n} pictures</comment>
        <translation>
            <numerusform>{n} Bild suchen</numerusform>
            <numerusform>{n} Bilder suchen</numerusform>
        </translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>Loss (cross-entropy)</source>
        <translation>Loss (Kreuzentropie)</translation>
    </message>
    <message>
        <source>Loss {value}</source>
        <translation>Verlust {value}</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Make a spot check (Ctrl+K), or label two different pictures of the same class yourself: one is left out to test what was learned from the other.</source>
        <translation>Machen Sie eine Stichprobe (Strg+K), oder labeln Sie selbst zwei verschiedene Bilder derselben Klasse: Eines wird ausgelassen, um zu prüfen, was aus dem anderen gelernt wurde.</translation>
    </message>
    <message>
        <source>Make {names} base</source>
        <translation>{names} zu Basisklassen machen</translation>
    </message>
    <message>
        <source>Make {names} new</source>
        <translation>{names} zu neuen Klassen machen</translation>
    </message>
    <message>
        <source>Makes a new project. Click to choose a folder. A folder with one subfolder per class brings its labels along.</source>
        <translation>Daraus entsteht ein neues Projekt. Klicken Sie, um einen Ordner auszuwählen. Ein Ordner mit einem Unterordner je Klasse bringt seine Labels mit.</translation>
    </message>
    <message>
        <source>Making {project}</source>
        <translation>{project} anlegen</translation>
    </message>
    <message>
        <source>Mar</source>
        <translation>März</translation>
    </message>
    <message>
        <source>Max epochs</source>
        <translation>Max. Epochen</translation>
    </message>
    <message>
        <source>May</source>
        <translation>Mai</translation>
    </message>
    <message>
        <source>Measure accuracy</source>
        <translation>Genauigkeit messen</translation>
    </message>
    <message numerus="yes">
        <source>Measured on {n} of your labels, by a model that learned from others.</source>
        <comment>Measured on {n} of your labels, a quarter left out at a time.</comment>
        <translation>
            <numerusform>Auf {n} Ihrer Labels gemessen, von einem Modell, das aus anderen gelernt hat.</numerusform>
            <numerusform>Auf {n} Ihrer Labels gemessen, jeweils ein Viertel ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Measured on {n} of your labels, left out of the training with its copies.</source>
        <comment>Measured on {n} of your labels, each left out in turn with its copies.</comment>
        <translation>
            <numerusform>Auf {n} Ihrer Labels gemessen, das beim Training mit seinen Kopien ausgelassen wurde.</numerusform>
            <numerusform>Auf {n} Ihrer Labels gemessen, jedes einmal mit seinen Kopien ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Measured on {n} picture kept for testing.</source>
        <comment>Measured on {n} pictures kept for testing.</comment>
        <translation>
            <numerusform>Auf {n} zum Testen zurückgehaltenen Bild gemessen.</numerusform>
            <numerusform>Auf {n} zum Testen zurückgehaltenen Bildern gemessen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Measured where it was trained, on other pictures.</source>
        <translation>Dort gemessen, wo es trainiert wurde, auf anderen Bildern.</translation>
    </message>
    <message>
        <source>Memory ran out on {device}; the batches were made smaller.</source>
        <translation>Der Speicher des Geräts {device} reichte nicht aus; die Batches wurden verkleinert.</translation>
    </message>
    <message>
        <source>Merge them, or rename one by what sets it apart in a picture.</source>
        <translation>Legen Sie beide zusammen, oder benennen Sie eine nach dem um, was sie auf einem Bild unterscheidet.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>Methods and figures</source>
        <translation>Methoden und Messwerte</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>Missing. The file is at none of its places. The label is kept, and learned from if the picture was looked at.</source>
        <translation>Fehlt. Die Datei liegt an keinem ihrer Orte. Das Label bleibt erhalten, und aus ihm wird gelernt, falls das Bild schon ausgewertet wurde.</translation>
    </message>
    <message>
        <source>Mistakes</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Model for other programs</source>
        <translation>Modell für andere Programme</translation>
    </message>
    <message>
        <source>Model for this program and Python</source>
        <translation>Modell für dieses Programm und Python</translation>
    </message>
    <message>
        <source>Model, labels and pictures, predictions, report</source>
        <translation>Modell, Labels und Bilder, Vorhersagen, Bericht</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Most confident</source>
        <translation>Höchste Konfidenz</translation>
    </message>
    <message>
        <source>Most like &apos;{words}&apos; first</source>
        <translation>Am besten zu „{words}“ passende Bilder zuerst</translation>
    </message>
    <message>
        <source>Most like the selected pictures first</source>
        <translation>Nach Ähnlichkeit mit den ausgewählten Bildern sortiert</translation>
    </message>
    <message>
        <source>Most likely &apos;{name}&apos; first</source>
        <translation>Am ehesten „{name}“ zuerst</translation>
    </message>
    <message>
        <source>Most likely first</source>
        <translation>Wahrscheinlichste zuerst</translation>
    </message>
    <message>
        <source>Most typical</source>
        <translation>Typischste</translation>
    </message>
    <message>
        <source>Move class &apos;{class_name}&apos;</source>
        <translation>Klasse „{class_name}“ verschieben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Move the class</source>
        <translation>Klasse verschieben</translation>
    </message>
    <message>
        <source>Move to the next picture after a label</source>
        <translation>Nach dem Labeln weiter zum nächsten Bild</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move; with Shift, select</source>
        <translation>Bewegen; mit Umschalttaste: auswählen</translation>
    </message>
    <message>
        <source>Multi-Modal Adapter</source>
        <translation>Multi-Modal Adapter</translation>
    </message>
    <message>
        <source>Multi-Modal Adapter (paper)</source>
        <translation>Multi-Modal Adapter (Paper)</translation>
    </message>
    <message>
        <source>Must divide a quarter of the embedding size.</source>
        <translation>Muss ein Teiler von einem Viertel der Embedding-Größe sein.</translation>
    </message>
    <message>
        <source>My project</source>
        <translation>Mein Projekt</translation>
    </message>
    <message>
        <source>NVIDIA or AMD GPU (CUDA/ROCm)</source>
        <translation>NVIDIA- oder AMD-GPU (CUDA/ROCm)</translation>
    </message>
    <message>
        <source>Name classes</source>
        <translation>Klassen benennen</translation>
    </message>
    <message>
        <source>Name two classes or more, and label a few pictures of each; the results appear by themselves.</source>
        <translation>Benennen Sie mindestens zwei Klassen und labeln Sie von jeder einige Bilder; die Ergebnisse erscheinen dann von selbst.</translation>
    </message>
    <message numerus="yes">
        <source>Name {n} group</source>
        <comment>Name {n} groups</comment>
        <translation>
            <numerusform>{n} Gruppe benennen</numerusform>
            <numerusform>{n} Gruppen benennen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Name {n} group of pictures at a glance</source>
        <comment>Name {n} groups of pictures at a glance</comment>
        <translation>
            <numerusform>{n} Gruppe von Bildern auf einen Blick benennen</numerusform>
            <numerusform>{n} Gruppen von Bildern auf einen Blick benennen</numerusform>
        </translation>
    </message>
    <message>
        <source>Named</source>
        <translation>Benannt</translation>
    </message>
    <message>
        <source>Names</source>
        <comment>of files</comment>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Names ({count})</source>
        <translation>Namen ({count})</translation>
    </message>
    <message>
        <source>Names without labels, which are predicted, too: {names}.</source>
        <translation>Namen ohne Labels, die auch vorhergesagt werden: {names}.</translation>
    </message>
    <message>
        <source>Near &amp;duplicates</source>
        <translation>Beinahe-&amp;Duplikate</translation>
    </message>
    <message>
        <source>Nearest examples</source>
        <translation>Ähnlichste Beispiele</translation>
    </message>
    <message>
        <source>Nearest labelled pictures</source>
        <translation>Ähnlichste gelabelte Bilder</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>New accuracy (%)</source>
        <translation>Genauigkeit Neu (%)</translation>
    </message>
    <message>
        <source>New class names</source>
        <translation>Namen neuer Klassen</translation>
    </message>
    <message>
        <source>New classes</source>
        <translation>Neue Klassen</translation>
    </message>
    <message>
        <source>New training</source>
        <translation>Neues Training</translation>
    </message>
    <message>
        <source>Next and previous picture</source>
        <translation>Nächstes und voriges Bild</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Next: answer a few questions.</source>
        <translation>Als Nächstes: Beantworten Sie einige Fragen.</translation>
    </message>
    <message>
        <source>Next: label pictures of at least two classes.</source>
        <translation>Als Nächstes: Labeln Sie Bilder von mindestens zwei Klassen.</translation>
    </message>
    <message>
        <source>Next: look at the mistakes, or use the model.</source>
        <translation>Als Nächstes: Sehen Sie sich die Fehler an, oder verwenden Sie das Modell.</translation>
    </message>
    <message>
        <source>Next: name your classes, such as cat and dog.</source>
        <translation>Als Nächstes: Benennen Sie Ihre Klassen, z.&#xa0;B. Katze und Hund.</translation>
    </message>
    <message>
        <source>Next: train the Multi-Modal Adapter.</source>
        <translation>Als Nächstes: den Multi-Modal Adapter trainieren.</translation>
    </message>
    <message>
        <source>Next: wait until the pictures have been looked at.</source>
        <translation>Als Nächstes: Warten Sie, bis die Bilder ausgewertet wurden.</translation>
    </message>
    <message numerus="yes">
        <source>Next: {n} class needs more examples.</source>
        <comment>Next: {n} classes need more examples.</comment>
        <translation>
            <numerusform>Als Nächstes: {n} Klasse braucht mehr Beispiele.</numerusform>
            <numerusform>Als Nächstes: {n} Klassen brauchen mehr Beispiele.</numerusform>
        </translation>
    </message>
    <message>
        <source>No class has this in its name.</source>
        <translation>Kein Klassenname enthält diesen Text.</translation>
    </message>
    <message>
        <source>No class was set yet. Label a picture first; this key then gives the same class again.</source>
        <translation>Bisher wurde keine Klasse vergeben. Labeln Sie zuerst ein Bild; danach vergibt diese Taste dieselbe Klasse noch einmal.</translation>
    </message>
    <message>
        <source>No classes yet</source>
        <translation>Noch keine Klassen</translation>
    </message>
    <message>
        <source>No column is named like one of file names: &apos;{column}&apos; was taken for it.</source>
        <translation>Keine Spalte heißt wie eine mit Dateinamen: „{column}“ wurde dafür genommen.</translation>
    </message>
    <message>
        <source>No column is named like one of labels: &apos;{column}&apos; was taken for it.</source>
        <translation>Keine Spalte heißt wie eine mit Labels: „{column}“ wurde dafür genommen.</translation>
    </message>
    <message>
        <source>No curves</source>
        <translation>Keine Kurven</translation>
    </message>
    <message>
        <source>No experiments yet</source>
        <translation>Noch keine Experimente</translation>
    </message>
    <message>
        <source>No file name matches</source>
        <translation>Kein Dateiname passt</translation>
    </message>
    <message>
        <source>No group has a name yet</source>
        <translation>Noch hat keine Gruppe einen Namen</translation>
    </message>
    <message>
        <source>No image model is loaded yet. Wait until it is, or choose one under Train.</source>
        <translation>Noch ist kein Bildmodell geladen. Warten Sie, bis es so weit ist, oder wählen Sie eines unter Trainieren.</translation>
    </message>
    <message>
        <source>No image model is loaded, so the names were looked at as words only.</source>
        <translation>Es ist kein Bildmodell geladen, deshalb wurden die Namen nur als Wörter geprüft.</translation>
    </message>
    <message>
        <source>No image of &apos;{class_name}&apos; was measured.</source>
        <translation>Von „{class_name}“ wurde kein Bild gemessen.</translation>
    </message>
    <message>
        <source>No image of a new class is labelled, so new accuracy cannot be measured.</source>
        <translation>Kein Bild einer neuen Klasse ist gelabelt, daher kann die Genauigkeit auf neuen Klassen nicht gemessen werden.</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>No label of this list looks wrong any more</source>
        <translation>Kein Label dieser Liste wirkt mehr falsch</translation>
    </message>
    <message>
        <source>No name stands out</source>
        <translation>Kein Name fällt auf</translation>
    </message>
    <message>
        <source>No near duplicates: no picture is here twice in another size or compression.</source>
        <translation>Keine Beinahe-Duplikate: Kein Bild kommt in anderer Größe oder Komprimierung noch einmal vor.</translation>
    </message>
    <message>
        <source>No other unlabelled picture looks like {class_names}.</source>
        <translation>Kein weiteres ungelabeltes Bild sieht nach {class_names} aus.</translation>
    </message>
    <message>
        <source>No paired test: the two share no test pictures for any seed.</source>
        <translation>Kein gepaarter Test: Bei keinem Seed gibt es Bilder, auf denen beide getestet wurden.</translation>
    </message>
    <message>
        <source>No picture has been looked at yet.</source>
        <translation>Noch wurde kein Bild ausgewertet.</translation>
    </message>
    <message>
        <source>No picture is both trained on and tested with any more.</source>
        <translation>Kein Bild wird mehr zugleich zum Trainieren und zum Testen verwendet.</translation>
    </message>
    <message>
        <source>No picture is labelled {class_name}</source>
        <translation>Kein Bild ist als {class_name} gelabelt</translation>
    </message>
    <message>
        <source>No picture is missing</source>
        <translation>Kein Bild fehlt</translation>
    </message>
    <message>
        <source>No picture is missing.</source>
        <translation>Es fehlt kein Bild.</translation>
    </message>
    <message>
        <source>No picture is none of these</source>
        <translation>Kein Bild ist „Keine davon“</translation>
    </message>
    <message>
        <source>No picture labelled {labelled} is predicted as {predicted} at the moment.</source>
        <translation>Zurzeit wird kein als {labelled} gelabeltes Bild als {predicted} vorhergesagt.</translation>
    </message>
    <message>
        <source>No picture of this list is here twice any more</source>
        <translation>Kein Bild dieser Liste ist noch doppelt vorhanden</translation>
    </message>
    <message>
        <source>No picture selected</source>
        <translation>Kein Bild ausgewählt</translation>
    </message>
    <message>
        <source>No picture was changed</source>
        <translation>Kein Bild wurde geändert</translation>
    </message>
    <message>
        <source>No pictures yet</source>
        <translation>Noch keine Bilder</translation>
    </message>
    <message>
        <source>No preview</source>
        <translation>Keine Vorschau</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation>Es ist kein Projekt geöffnet.</translation>
    </message>
    <message>
        <source>No results yet</source>
        <translation>Noch keine Ergebnisse</translation>
    </message>
    <message>
        <source>No shots for {classes}. Label some images, or make the class name only (new).</source>
        <translation>Keine Shots für {classes}. Labeln Sie einige Bilder, oder stellen Sie die Klasse auf „Nur Name“.</translation>
    </message>
    <message>
        <source>No two classes are confused. Label pictures that look alike to test it harder.</source>
        <translation>Keine zwei Klassen werden verwechselt. Labeln Sie ähnliche Bilder, um es strenger zu prüfen.</translation>
    </message>
    <message>
        <source>No unlabelled picture is left. Add pictures for more examples of {class_names}.</source>
        <translation>Es ist kein ungelabeltes Bild mehr übrig. Fügen Sie Bilder hinzu, um mehr Beispiele von {class_names} zu bekommen.</translation>
    </message>
    <message>
        <source>No unlabelled picture is predicted as this class.</source>
        <translation>Für kein ungelabeltes Bild wird diese Klasse vorhergesagt.</translation>
    </message>
    <message>
        <source>No unlabelled picture is predicted as {class_name}</source>
        <translation>Für kein ungelabeltes Bild wird {class_name} vorhergesagt</translation>
    </message>
    <message>
        <source>No usable pictures</source>
        <translation>Keine brauchbaren Bilder</translation>
    </message>
    <message>
        <source>No, it is {class_name}</source>
        <translation>Nein, „{class_name}“</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message numerus="yes">
        <source>None of the {n} labels looks wrong beside the others.</source>
        <comment>None of the {n} labels looks wrong beside the others.</comment>
        <translation>
            <numerusform>Das eine geprüfte Label wirkt neben den anderen nicht falsch.</numerusform>
            <numerusform>Keines der {n} Labels wirkt neben den anderen falsch.</numerusform>
        </translation>
    </message>
    <message>
        <source>None of them is</source>
        <translation>Keine davon</translation>
    </message>
    <message>
        <source>None of them shows a class of yours</source>
        <translation>Keines zeigt eine Ihrer Klassen</translation>
    </message>
    <message>
        <source>None of these</source>
        <translation>Keine davon</translation>
    </message>
    <message>
        <source>None of these backups can be restored.</source>
        <translation>Keine dieser Sicherungen lässt sich wiederherstellen.</translation>
    </message>
    <message>
        <source>None stands out: all have examples and do well. To get better still, label pictures unlike these.</source>
        <translation>Keine fällt auf: Alle haben Beispiele und werden gut erkannt. Für noch bessere Ergebnisse labeln Sie Bilder, die anders aussehen.</translation>
    </message>
    <message>
        <source>Not every class can be the name of a folder: {pairs}. {file} has the names.</source>
        <translation>Nicht jede Klasse kann ein Ordnername sein: {pairs}. Die Namen stehen in {file}.</translation>
    </message>
    <message>
        <source>Not in use</source>
        <translation>Wird nicht verwendet</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>Noch nicht gemessen</translation>
    </message>
    <message>
        <source>Not measured yet. Make a spot check, or label two different pictures of the same class yourself.</source>
        <translation>Noch nicht gemessen. Machen Sie eine Stichprobe, oder labeln Sie selbst zwei verschiedene Bilder derselben Klasse.</translation>
    </message>
    <message>
        <source>Not measured: this takes three base classes, a new one, and more labels than shots.</source>
        <translation>Nicht gemessen: Dafür braucht es drei Basisklassen, eine neue und mehr Labels als Shots.</translation>
    </message>
    <message>
        <source>Not remembered for the next start: {things}. {folder} cannot be written to ({reason}). Everything else works.</source>
        <translation>Bis zum nächsten Start nicht gemerkt: {things}. In {folder} kann nicht geschrieben werden ({reason}). Alles andere funktioniert.</translation>
    </message>
    <message>
        <source>Not: only where they are is written</source>
        <translation>Nicht kopieren: nur die Pfade schreiben</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Nothing is labelled yet</source>
        <translation>Noch nichts gelabelt</translation>
    </message>
    <message>
        <source>Nothing is learned from labels yet: these predictions come from names alone.</source>
        <translation>Noch nichts aus Labels gelernt: Diese Vorhersagen beruhen allein auf den Namen.</translation>
    </message>
    <message>
        <source>Nothing is learned from these pictures, also not from those that are here already.</source>
        <translation>Aus diesen Bildern wird nichts gelernt, auch nicht aus denen, die schon hier sind.</translation>
    </message>
    <message>
        <source>Nothing is left in this list</source>
        <translation>In dieser Liste ist nichts mehr übrig</translation>
    </message>
    <message>
        <source>Nothing leaves this machine. Pictures stay where they are and are never changed.</source>
        <translation>Nichts verlässt diesen Computer. Die Bilder bleiben, wo sie sind, und werden nie verändert.</translation>
    </message>
    <message>
        <source>Nothing to accept now.</source>
        <translation>Gerade gibt es nichts zu übernehmen.</translation>
    </message>
    <message>
        <source>Nothing to accept: these pictures are labelled already.</source>
        <translation>Nichts zu übernehmen: Diese Bilder sind bereits gelabelt.</translation>
    </message>
    <message>
        <source>Nothing to draw: a point needs base and new accuracy.</source>
        <translation>Nichts zu zeichnen: Ein Punkt braucht die Genauigkeit auf Basisklassen und auf neuen Klassen.</translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation>Nichts anzuzeigen</translation>
    </message>
    <message>
        <source>Nov</source>
        <translation>Nov.</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Number of trained parameters</source>
        <translation>Anzahl der trainierten Parameter</translation>
    </message>
    <message>
        <source>Numbers and adapter files in the project are deleted. This cannot be undone.</source>
        <translation>Zahlen und Adapterdateien im Projekt werden gelöscht. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Oct</source>
        <translation>Okt.</translation>
    </message>
    <message>
        <source>Of the lowest seed.</source>
        <translation>Für den niedrigsten Seed.</translation>
    </message>
    <message numerus="yes">
        <source>Of the {n:,} picture left, {accuracy} are right.</source>
        <comment>Of the {n:,} pictures left, {accuracy} are right.</comment>
        <translation>
            <numerusform>Von dem {n:,} übrigen Bild sind {accuracy} richtig.</numerusform>
            <numerusform>Von den {n:,} übrigen Bildern sind {accuracy} richtig.</numerusform>
        </translation>
    </message>
    <message>
        <source>Off adapts the image embeddings only (the paper&apos;s Table 2).</source>
        <translation>Aus: Nur die Bild-Embeddings werden adaptiert (Tabelle 2 des Papers).</translation>
    </message>
    <message>
        <source>On 30 sets of pictures the two were equally good, on classes that were trained and on new ones; Quick takes a fifth of the time. Which is better varies with the pictures, so the other one is trained as well, to compare them on the same pictures.</source>
        <translation>Auf 30 Bildersammlungen waren beide gleich gut, bei trainierten wie bei neuen Klassen; „Schnell“ braucht ein Fünftel der Zeit. Welche besser ist, hängt von den Bildern ab. Deshalb wird auch die andere trainiert und auf denselben Bildern verglichen.</translation>
    </message>
    <message>
        <source>On the GPU of this computer ({device}), in the background</source>
        <translation>Auf der Grafikkarte dieses Computers ({device}), im Hintergrund</translation>
    </message>
    <message>
        <source>On the processor of this computer, in the background: no GPU was found</source>
        <translation>Auf dem Prozessor dieses Computers, im Hintergrund: Es wurde keine nutzbare Grafikkarte gefunden</translation>
    </message>
    <message numerus="yes">
        <source>On the {n} picture that both were tested on: {now} now, {then} with this one.</source>
        <comment>On the {n} pictures that both were tested on: {now} now, {then} with this one.</comment>
        <translation>
            <numerusform>Auf dem {n} Bild, auf dem beide getestet wurden: jetzt {now}, mit diesem {then}.</numerusform>
            <numerusform>Auf den {n} Bildern, auf denen beide getestet wurden: jetzt {now}, mit diesem {then}.</numerusform>
        </translation>
    </message>
    <message>
        <source>On your labelled pictures they are told apart well enough.</source>
        <translation>Auf Ihren gelabelten Bildern werden sie gut genug unterschieden.</translation>
    </message>
    <message>
        <source>One by one</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <source>One folder per class, in folders train, val and test where the pictures have a split.</source>
        <translation>Ein Ordner je Klasse, in Ordnern train, val und test, wo die Bilder einen Split haben.</translation>
    </message>
    <message>
        <source>One is trained on and another tested with.</source>
        <translation>Mit einer Kopie wird trainiert, mit einer anderen getestet.</translation>
    </message>
    <message>
        <source>One more name, such as zebra</source>
        <translation>Noch ein Name, zum Beispiel Zebra</translation>
    </message>
    <message numerus="yes">
        <source>One picture is both trained on and tested with: accuracy looks too good.</source>
        <comment>{n} pictures are both trained on and tested with: accuracy looks too good.</comment>
        <translation>
            <numerusform>Ein Bild wird zum Trainieren und zum Testen benutzt: Die Genauigkeit sieht zu gut aus.</numerusform>
            <numerusform>{n} Bilder werden zum Trainieren und zum Testen benutzt: Die Genauigkeit sieht zu gut aus.</numerusform>
        </translation>
    </message>
    <message>
        <source>One row a picture: file_name, label, split, prediction, confidence. The pictures stay where they are.</source>
        <translation>Eine Zeile je Bild: file_name, label, split, prediction, confidence. Die Bilder bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>One small file, which this program loads and the lines of Python shown afterwards use.</source>
        <translation>Eine kleine Datei, die dieses Programm lädt und die danach gezeigten Python-Zeilen verwenden.</translation>
    </message>
    <message>
        <source>One stays, with the label: the one that you select, or the largest. The files stay, too.</source>
        <translation>Eines bleibt, mit dem Label: das ausgewählte oder das größte. Auch die Dateien bleiben.</translation>
    </message>
    <message>
        <source>One template per line; {} stands for the class name, {definition} for what a dictionary says of it. Several lines make an ensemble: the mean of what the text encoder makes of each. A name that the dictionary lacks goes without the lines with {definition}.</source>
        <translation>Eine Vorlage je Zeile; {} steht für den Klassennamen, {definition} für seine Erklärung in einem Wörterbuch. Mehrere Zeilen bilden ein Ensemble: den Mittelwert dessen, was der Text-Encoder aus jeder macht. Fehlt ein Name im Wörterbuch, entfallen für ihn die Zeilen mit {definition}.</translation>
    </message>
    <message>
        <source>Only labelled pictures have a use. Label them first.</source>
        <translation>Nur gelabelte Bilder haben eine Verwendung. Labeln Sie die Bilder zuerst.</translation>
    </message>
    <message>
        <source>Only look</source>
        <translation>Nur ansehen</translation>
    </message>
    <message>
        <source>Only the address of that picture came, and nothing is fetched from the internet. Drag the picture itself from a folder, or choose Copy image in the browser and paste it here with Ctrl+V.</source>
        <translation>Von diesem Bild kam nur die Adresse an, und aus dem Internet wird nichts geladen. Ziehen Sie das Bild selbst aus einem Ordner hierher, oder wählen Sie im Browser „Bild kopieren“ und fügen Sie es hier mit Strg+V ein.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open &amp;log folder</source>
        <translation>&amp;Protokollordner öffnen</translation>
    </message>
    <message>
        <source>Open a project (a folder that ends in {suffix})</source>
        <translation>Projekt öffnen (ein Ordner, der auf {suffix} endet)</translation>
    </message>
    <message>
        <source>Open large</source>
        <translation>Groß öffnen</translation>
    </message>
    <message>
        <source>Open the &amp;sample project</source>
        <translation>Beispielpro&amp;jekt öffnen</translation>
    </message>
    <message>
        <source>Open world</source>
        <translation>Offene Welt</translation>
    </message>
    <message>
        <source>Opening {project}</source>
        <translation>{project} öffnen</translation>
    </message>
    <message>
        <source>Options of {method}</source>
        <translation>Optionen von {method}</translation>
    </message>
    <message>
        <source>Order added</source>
        <translation>Hinzugefügt</translation>
    </message>
    <message>
        <source>Other groups</source>
        <translation>Andere Gruppen</translation>
    </message>
    <message>
        <source>Other open_clip model</source>
        <translation>Anderes open_clip-Modell</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Pascal VOC 2007, and the names&apos; definitions in WordNet</source>
        <translation>Pascal VOC 2007 und die Definitionen der Namen in WordNet</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>Geduld</translation>
    </message>
    <message>
        <source>Pause {job}</source>
        <translation>„{job}“ pausieren</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Penalty</source>
        <translation>Strafterm</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Pet</source>
        <translation>Haustier</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photo and dictionary</source>
        <translation>Foto und Wörterbuch</translation>
    </message>
    <message>
        <source>Photo, 7 ways</source>
        <translation>Foto, 7 Varianten</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>Ausgewählt</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Picture {image_id}</source>
        <translation>Bild {image_id}</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures are coming in.</source>
        <translation>Bilder werden importiert.</translation>
    </message>
    <message>
        <source>Pictures of base and of new classes that the accuracies of a seed were measured on</source>
        <translation>Bilder der Basis- und der neuen Klassen, auf denen die Genauigkeiten eines Seeds gemessen sind</translation>
    </message>
    <message>
        <source>Pictures of new classes count as unknown: the right answer is None of these.</source>
        <translation>Bilder neuer Klassen gelten als fremd: Was sie auch zeigen, die richtige Antwort ist „Keine davon“.</translation>
    </message>
    <message>
        <source>Pictures of none of your classes too, as a class &apos;{name}&apos;</source>
        <translation>Auch Bilder, die keine Ihrer Klassen zeigen, als Klasse „{name}“</translation>
    </message>
    <message>
        <source>Pictures sorted into folders</source>
        <translation>Bilder, in Ordner sortiert</translation>
    </message>
    <message>
        <source>Pictures stay where they are.</source>
        <translation>Bilder bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Pictures stay where they are; a label that somebody set here stays as it is.</source>
        <translation>Die Bilder bleiben, wo sie sind; ein hier von Hand gesetztes Label bleibt unverändert.</translation>
    </message>
    <message>
        <source>Pictures that come into these folders, or folders inside them, are imported and predicted.</source>
        <translation>Bilder, die in diesen Ordnern oder ihren Unterordnern neu dazukommen, werden importiert, und ihre Klasse wird vorhergesagt.</translation>
    </message>
    <message>
        <source>Pictures that kept another label</source>
        <translation>Bilder, die ein anderes Label behalten haben</translation>
    </message>
    <message>
        <source>Pictures without labels</source>
        <translation>Bilder ohne Labels</translation>
    </message>
    <message>
        <source>Pictures, labels, classes and trainings become what they were then. Nothing is deleted: the database that the project has now stays in its folder under another name. Your pictures are not touched.</source>
        <translation>Bilder, Labels, Klassen und Trainings werden wieder so, wie sie damals waren. Nichts wird gelöscht: Die jetzige Datenbank des Projekts bleibt unter einem anderen Namen in seinem Ordner. Ihre Bilder werden nicht angetastet.</translation>
    </message>
    <message>
        <source>Please check what the model reads, or let it read another word.</source>
        <translation>Bitte prüfen Sie, was das Modell liest, oder lassen Sie es ein anderes Wort lesen.</translation>
    </message>
    <message>
        <source>Predicted as</source>
        <translation>Vorhergesagt als</translation>
    </message>
    <message>
        <source>Predicted as {class_name}</source>
        <translation>Vorhergesagt als {class_name}</translation>
    </message>
    <message>
        <source>Predicted by: {run}. {how_good}</source>
        <translation>Vorhersagen von: {run}. {how_good}</translation>
    </message>
    <message>
        <source>Predicting what the pictures show</source>
        <translation>Sagt vorher, was auf den Bildern ist</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Predictions as a table</source>
        <translation>Vorhersagen als Tabelle</translation>
    </message>
    <message>
        <source>Predictions below this confidence give no keyword</source>
        <translation>Vorhersagen unter dieser Konfidenz ergeben kein Stichwort</translation>
    </message>
    <message>
        <source>Predictions below this confidence go into the folder Unsure</source>
        <translation>Vorhersagen unter dieser Konfidenz kommen in den Ordner „Unsicher“</translation>
    </message>
    <message>
        <source>Prepared models and names</source>
        <translation>Vorbereitete Modelle und Namen</translation>
    </message>
    <message>
        <source>Press Enter to see them.</source>
        <translation>Mit Enter werden sie angezeigt.</translation>
    </message>
    <message>
        <source>Press Run. Loss, base and new accuracy are drawn here as a method trains; a table compares them.</source>
        <translation>Klicken Sie auf „Starten“. Loss, Basis- und neue Genauigkeit erscheinen hier, während eine Methode trainiert; eine Tabelle vergleicht die Methoden.</translation>
    </message>
    <message>
        <source>Press a letter, a digit or a sign. With it you label the selected pictures.</source>
        <translation>Drücken Sie einen Buchstaben, eine Ziffer oder ein Zeichen. Damit labeln Sie die ausgewählten Bilder.</translation>
    </message>
    <message>
        <source>Press the key for {class_name}</source>
        <translation>Taste für {class_name} drücken</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Previous picture</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>ProLIP (Fahes et al. 2024: a penalty to the pretrained weights), WiSE-FT (Wortsman et al. 2022: between the pretrained and the trained weights), AMU-Tuning (Tang et al. 2024: a visual logit bias)</source>
        <translation>ProLIP (Fahes et al. 2024: ein Strafterm für den Abstand zu den vortrainierten Gewichten), WiSE-FT (Wortsman et al. 2022: zwischen den vortrainierten und den trainierten Gewichten), AMU-Tuning (Tang et al. 2024: ein visueller Logit-Bias)</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Projects that you open are listed here.</source>
        <translation>Hier erscheinen die Projekte, die Sie öffnen.</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Prompt template</source>
        <translation>Prompt-Vorlage</translation>
    </message>
    <message>
        <source>Prompt template of new projects</source>
        <translation>Prompt-Vorlage neuer Projekte</translation>
    </message>
    <message>
        <source>Prompt templates</source>
        <translation>Prompt-Vorlagen</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>Pull of the weights to zero. The paper&apos;s adapter uses 0.0001.</source>
        <translation>Wie stark die Gewichte gegen null gezogen werden. Der Adapter des Papers verwendet 0,0001.</translation>
    </message>
    <message>
        <source>Put {{}} where the class name goes, or {{definition}} where its meaning goes: &apos;{template}&apos; has neither.</source>
        <translation>Setzen Sie {{}} an die Stelle des Klassennamens oder {{definition}} an die Stelle seiner Bedeutung; in „{template}“ fehlt beides.</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Python lines that load the exported adapter</source>
        <translation>Python-Zeilen, die den exportierten Adapter laden</translation>
    </message>
    <message>
        <source>Questions about single pictures</source>
        <translation>Fragen zu einzelnen Bildern</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Quick goes on learning: every label that you give later teaches it at once.</source>
        <translation>„Schnell“ lernt weiter: Jedes spätere Label wird sofort gelernt.</translation>
    </message>
    <message>
        <source>Radford et al. 2021, section 3.2; scikit-learn&apos;s logistic regression</source>
        <translation>Radford et al. 2021, Abschnitt 3.2; logistische Regression von scikit-learn</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Ordnen</translation>
    </message>
    <message>
        <source>Ranked by the name alone</source>
        <translation>Allein nach dem Namen sortiert</translation>
    </message>
    <message>
        <source>Rather none of these than a wrong name</source>
        <translation>Lieber „Keine davon“ als ein falscher Name</translation>
    </message>
    <message>
        <source>Read &apos;{class_name}&apos; as &apos;{text}&apos;</source>
        <translation>„{class_name}“ als „{text}“ lesen</translation>
    </message>
    <message>
        <source>Read &apos;{class_name}&apos; by its name</source>
        <translation>Für „{class_name}“ den Namen lesen</translation>
    </message>
    <message>
        <source>Reading or saving the project</source>
        <translation>Das Projekt lesen oder speichern</translation>
    </message>
    <message>
        <source>Reading {source}</source>
        <translation>{source} lesen</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message numerus="yes">
        <source>Ready: {n} training. It changes nothing else.</source>
        <comment>Ready: {n} trainings. They change nothing else.</comment>
        <translation>
            <numerusform>Bereit: {n} Training. An Ihrem Modell ändert sich nichts.</numerusform>
            <numerusform>Bereit: {n} Trainings. An Ihrem Modell ändert sich nichts.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnete Projekte</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Recognise it</source>
        <translation>Automatisch erkennen</translation>
    </message>
    <message>
        <source>Recognised as {format}.</source>
        <translation>Erkanntes Format: {format}.</translation>
    </message>
    <message>
        <source>Redone: {edit}.</source>
        <translation>Wiederholt: {edit}.</translation>
    </message>
    <message numerus="yes">
        <source>Relabel {n}</source>
        <comment>Relabel {n}</comment>
        <translation>
            <numerusform>{n} neu labeln</numerusform>
            <numerusform>{n} neu labeln</numerusform>
        </translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>Remembers the shots and lets those near an image vote. New classes stay zero-shot.</source>
        <translation>Merkt sich die Shots und lässt diejenigen abstimmen, die einem Bild ähnlich sind. Neue Klassen bleiben Zero-Shot.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove from the project</source>
        <translation>Aus dem Projekt entfernen</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>Aus dieser Liste entfernen</translation>
    </message>
    <message>
        <source>Remove label</source>
        <translation>Label entfernen</translation>
    </message>
    <message>
        <source>Remove the selected pictures from the project; the files stay</source>
        <translation>Die ausgewählten Bilder aus dem Projekt entfernen; die Dateien bleiben</translation>
    </message>
    <message numerus="yes">
        <source>Remove {n} label</source>
        <comment>Remove {n} labels</comment>
        <translation>
            <numerusform>{n} Label entfernen</numerusform>
            <numerusform>{n} Labels entfernen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove {n} picture</source>
        <comment>Remove {n} pictures</comment>
        <translation>
            <numerusform>{n} Bild entfernen</numerusform>
            <numerusform>{n} Bilder entfernen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed {n} picture from the project. The files stay where they are.</source>
        <comment>Removed {n} pictures from the project. The files stay where they are.</comment>
        <translation>
            <numerusform>{n} Bild aus dem Projekt entfernt. Die Datei bleibt, wo sie ist.</numerusform>
            <numerusform>{n} Bilder aus dem Projekt entfernt. Die Dateien bleiben, wo sie sind.</numerusform>
        </translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Rename &apos;{class_name}&apos; to what the others of it are, so that only one name is right for a picture.</source>
        <translation>Benennen Sie „{class_name}“ nach dem um, was die übrigen Bilder davon zeigen, damit für ein Bild nur ein Name stimmt.</translation>
    </message>
    <message>
        <source>Rename &apos;{class_name}&apos;…</source>
        <translation>„{class_name}“ umbenennen…</translation>
    </message>
    <message>
        <source>Rename class &apos;{old}&apos; to &apos;{new}&apos;</source>
        <translation>Klasse „{old}“ in „{new}“ umbenennen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Report on the model</source>
        <translation>Bericht über das Modell</translation>
    </message>
    <message>
        <source>Reset to defaults</source>
        <translation>Auf Standard zurücksetzen</translation>
    </message>
    <message>
        <source>Reset to the method&apos;s own</source>
        <translation>Vorgaben wiederherstellen</translation>
    </message>
    <message>
        <source>Residual scale</source>
        <translation>Residuen-Faktor</translation>
    </message>
    <message>
        <source>Restore a backup of {project}</source>
        <translation>Sicherung von {project} wiederherstellen</translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation>Sicherung wiederherstellen…</translation>
    </message>
    <message>
        <source>Restore and open</source>
        <translation>Wiederherstellen und öffnen</translation>
    </message>
    <message>
        <source>Restoring {project}</source>
        <translation>{project} wiederherstellen</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>Right if said</source>
        <translation>Trifft zu</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Rows are the true classes, columns the predictions among all class names. Click a cell, or move with the arrow keys and press Enter.</source>
        <translation>Zeilen sind die wahren Klassen, Spalten die Vorhersagen, wenn alle Klassennamen zur Wahl stehen. Klicken Sie eine Zelle an, oder wählen Sie sie mit den Pfeiltasten und drücken Sie Enter.</translation>
    </message>
    <message>
        <source>Rows with a problem</source>
        <translation>Zeilen mit Problemen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Run an experiment</source>
        <translation>Experiment starten</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Sample project</source>
        <translation>Beispielprojekt</translation>
    </message>
    <message>
        <source>Satellite</source>
        <translation>Satellit</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern…</translation>
    </message>
    <message>
        <source>Save as Markdown…</source>
        <translation>Als Markdown speichern…</translation>
    </message>
    <message>
        <source>Save it as it is now; you can look at it and go back to it</source>
        <translation>Das Modell speichern, wie es jetzt ist; Sie können es ansehen und dahin zurückkehren</translation>
    </message>
    <message>
        <source>Save the table as CSV (UTF-8) in your spreadsheet, and import that.</source>
        <translation>Speichern Sie die Tabelle in Ihrer Tabellenkalkulation als CSV (UTF-8) und importieren Sie diese Datei.</translation>
    </message>
    <message>
        <source>Say which of a dozen random pictures are wrong</source>
        <translation>Von einem Dutzend zufälliger Bilder die falschen nennen</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Search file names</source>
        <translation>Dateinamen suchen</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>See every picture classified, type a class that you never labelled, and export the adapter.</source>
        <translation>Sehen Sie jedes Bild klassifiziert, geben Sie eine Klasse ein, die Sie nie gelabelt haben, und exportieren Sie den Adapter.</translation>
    </message>
    <message>
        <source>See how good the model is, or add more pictures.</source>
        <translation>Sehen Sie nach, wie gut das Modell ist, oder fügen Sie weitere Bilder hinzu.</translation>
    </message>
    <message>
        <source>See&amp;ds</source>
        <translation>S&amp;eeds</translation>
    </message>
    <message numerus="yes">
        <source>Seed {seed}: of {n} picture that both were tested on, A alone was right about {first} and B alone about {second}; p = {p} (exact McNemar test).</source>
        <comment>Seed {seed}: of {n} pictures that both were tested on, A alone was right about {first} and B alone about {second}; p = {p} (exact McNemar test).</comment>
        <translation>
            <numerusform>Seed {seed}: Von {n} Bild, auf dem beide getestet wurden, lag nur A bei {first} richtig und nur B bei {second}; p = {p} (exakter McNemar-Test).</numerusform>
            <numerusform>Seed {seed}: Von {n} Bildern, auf denen beide getestet wurden, lag nur A bei {first} richtig und nur B bei {second}; p = {p} (exakter McNemar-Test).</numerusform>
        </translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Seeds</translation>
    </message>
    <message>
        <source>Sees &amp;with</source>
        <translation>Sieht &amp;mit</translation>
    </message>
    <message>
        <source>Sees the middle square of a picture: one that is more than 1.5 times as long as wide loses its ends.</source>
        <translation>Sieht das mittlere Quadrat eines Bildes: Ist es mehr als 1,5-mal so lang wie breit, fallen die Enden weg.</translation>
    </message>
    <message>
        <source>Sees with</source>
        <translation>Sieht mit</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alle auswählen</translation>
    </message>
    <message>
        <source>Select a row of the table.</source>
        <translation>Wählen Sie eine Zeile der Tabelle aus.</translation>
    </message>
    <message numerus="yes">
        <source>Select at most {n} picture to drag it to another program.</source>
        <comment>Select at most {n} pictures to drag them to another program.</comment>
        <translation>
            <numerusform>Wählen Sie höchstens {n} Bild aus, um es in ein anderes Programm zu ziehen.</numerusform>
            <numerusform>Wählen Sie höchstens {n} Bilder aus, um sie in ein anderes Programm zu ziehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Select nothing, or leave a list</source>
        <translation>Auswahl aufheben oder eine Liste verlassen</translation>
    </message>
    <message>
        <source>Select one or more pictures first.</source>
        <translation>Wählen Sie zuerst ein oder mehrere Bilder aus.</translation>
    </message>
    <message>
        <source>Select pictures and press the key of their class.</source>
        <translation>Wählen Sie Bilder aus und drücken Sie die Taste ihrer Klasse.</translation>
    </message>
    <message>
        <source>Select two rows or more with Ctrl or Shift to compare them.</source>
        <translation>Wählen Sie mit Strg oder Umschalt zwei oder mehr Zeilen aus, um sie zu vergleichen.</translation>
    </message>
    <message>
        <source>Selected rows</source>
        <translation>Ausgewählte Zeilen</translation>
    </message>
    <message>
        <source>Sep</source>
        <translation>Sept.</translation>
    </message>
    <message>
        <source>Set a fifth of the labels apart</source>
        <translation>Ein Fünftel der Labels zurückhalten</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>Abweichende Einstellungen</translation>
    </message>
    <message>
        <source>Share of new classes</source>
        <translation>Anteil neuer Klassen</translation>
    </message>
    <message>
        <source>Share of unknown pictures</source>
        <translation>Anteil fremder Bilder</translation>
    </message>
    <message>
        <source>Shots</source>
        <translation>Shots</translation>
    </message>
    <message>
        <source>Shots per class</source>
        <translation>Shots je Klasse</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Show all jobs</source>
        <translation>Alle Aufgaben anzeigen</translation>
    </message>
    <message>
        <source>Show all pictures</source>
        <translation>Alle Bilder anzeigen</translation>
    </message>
    <message numerus="yes">
        <source>Show all {n}</source>
        <comment>Show all {n}</comment>
        <translation>
            <numerusform>Alle {n} anzeigen</numerusform>
            <numerusform>Alle {n} anzeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>Details anzeigen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message numerus="yes">
        <source>Show it</source>
        <comment>Show them</comment>
        <translation>
            <numerusform>Anzeigen</numerusform>
            <numerusform>Anzeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Show its pictures</source>
        <translation>Bilder der Klasse anzeigen</translation>
    </message>
    <message>
        <source>Show newer suggestions</source>
        <translation>Neuere Vorschläge zeigen</translation>
    </message>
    <message>
        <source>Show on the Label page</source>
        <translation>Auf der Seite „Labeln“ anzeigen</translation>
    </message>
    <message>
        <source>Show settings</source>
        <translation>Einstellungen anzeigen</translation>
    </message>
    <message numerus="yes">
        <source>Show the wrong one</source>
        <comment>Show the {n} wrong ones</comment>
        <translation>
            <numerusform>Das falsche zeigen</numerusform>
            <numerusform>Die {n} falschen zeigen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show {n} new picture</source>
        <comment>Show {n} new pictures</comment>
        <translation>
            <numerusform>{n} neues Bild zeigen</numerusform>
            <numerusform>{n} neue Bilder zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Similarity, 1 for the same picture. Enter or a click shows it on the Label page.</source>
        <translation>Ähnlichkeit, 1 für dasselbe Bild. Enter oder ein Klick zeigt das Bild auf der Seite „Labeln“.</translation>
    </message>
    <message>
        <source>Single</source>
        <translation>Einschichtig</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Size of pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Skip to the next unlabelled picture</source>
        <translation>Zum nächsten ungelabelten Bild springen</translation>
    </message>
    <message>
        <source>Slow without a GPU.</source>
        <translation>Ohne GPU langsam.</translation>
    </message>
    <message>
        <source>Small and quick.</source>
        <translation>Klein und schnell.</translation>
    </message>
    <message>
        <source>Small copies of pictures</source>
        <translation>Kleine Kopien von Bildern</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgelaufen</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Sortieren</translation>
    </message>
    <message>
        <source>Sort by the newest predictions</source>
        <translation>Nach den neuesten Vorhersagen ordnen</translation>
    </message>
    <message>
        <source>Sorting into folders</source>
        <translation>In Ordner sortieren</translation>
    </message>
    <message>
        <source>Space for what commands learn of pictures, in GB</source>
        <translation>Caches der Befehlszeile (GB)</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Split</translation>
    </message>
    <message>
        <source>Split</source>
        <comment>job</comment>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>Split the group in two; outside the name, S does, too</source>
        <translation>Die Gruppe teilen; außerhalb des Namens auch mit S</translation>
    </message>
    <message>
        <source>Spot &amp;check</source>
        <translation>&amp;Stichprobe</translation>
    </message>
    <message>
        <source>Spot check</source>
        <translation>Stichprobe</translation>
    </message>
    <message numerus="yes">
        <source>Spot check done: it is right.</source>
        <comment>Spot check done: all {n} are right.</comment>
        <translation>
            <numerusform>Stichprobe fertig: Es ist richtig.</numerusform>
            <numerusform>Stichprobe fertig: Alle {n} sind richtig.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Spot check done: {n} of {count} was wrong.</source>
        <comment>Spot check done: {n} of {count} were wrong.</comment>
        <translation>
            <numerusform>Stichprobe fertig: {n} von {count} war falsch.</numerusform>
            <numerusform>Stichprobe fertig: {n} von {count} waren falsch.</numerusform>
        </translation>
    </message>
    <message>
        <source>Spot checks are of the model that learns. Press &apos;Use the model that learns&apos; on Check first.</source>
        <translation>Stichproben gelten dem lernenden Modell. Klicken Sie unter Prüfen zuerst auf „Lernendes Modell verwenden“.</translation>
    </message>
    <message>
        <source>Start Label Studio with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT={folder}. In a new project paste {config} into Settings &gt; Labeling Interface &gt; Code, then add Settings &gt; Cloud Storage &gt; Add Source Storage &gt; Local Files with the absolute local path {pictures} and save it without syncing: Label Studio shows no picture outside a storage. Then import {tasks}.</source>
        <translation>Starten Sie Label Studio mit LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true und LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT={folder}. Fügen Sie in einem neuen Projekt {config} unter Settings &gt; Labeling Interface &gt; Code ein, legen Sie dann unter Settings &gt; Cloud Storage &gt; Add Source Storage &gt; Local Files einen Speicher mit dem absoluten lokalen Pfad {pictures} an und sichern Sie ihn, ohne zu synchronisieren: Label Studio zeigt kein Bild außerhalb eines Speichers. Importieren Sie dann {tasks}.</translation>
    </message>
    <message>
        <source>Starter (comes with the program)</source>
        <translation>Starter (im Programm enthalten)</translation>
    </message>
    <message>
        <source>Step size of the optimiser. The paper&apos;s adapter uses 0.005.</source>
        <translation>Schrittweite des Optimierers. Der Adapter des Papers verwendet 0,005.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Stoppen und schließen</translation>
    </message>
    <message>
        <source>Stop {job}</source>
        <translation>„{job}“ stoppen</translation>
    </message>
    <message numerus="yes">
        <source>Stopped. {n} training kept.</source>
        <comment>Stopped. {n} trainings kept.</comment>
        <translation>
            <numerusform>Gestoppt. {n} Training bleibt erhalten.</numerusform>
            <numerusform>Gestoppt. {n} Trainings bleiben erhalten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped: nothing was kept</source>
        <translation>Beendet: Nichts wurde behalten</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird gestoppt</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Streng</translation>
    </message>
    <message>
        <source>Suggestions and predictions need it; switch it off on a slow machine.</source>
        <translation>Vorschläge und Vorhersagen brauchen es. Auf einem langsamen Computer ausschalten.</translation>
    </message>
    <message>
        <source>Suspected wrong &amp;labels</source>
        <translation>&amp;Verdächtige Labels</translation>
    </message>
    <message>
        <source>Switching to another model</source>
        <translation>Zu einem anderen Modell wechseln</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Tables ImageID, LabelName, Confidence with one class a picture, and the names in class-descriptions.csv.</source>
        <translation>Tabellen ImageID, LabelName, Confidence mit einer Klasse je Bild, und die Namen in class-descriptions.csv.</translation>
    </message>
    <message>
        <source>Tables with the pictures in them: Parquet files, or a folder that save_to_disk wrote.</source>
        <translation>Tabellen, in denen die Bilder stecken: Parquet-Dateien oder ein Ordner, den save_to_disk geschrieben hat.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message numerus="yes">
        <source>Take {n} copy out</source>
        <comment>Take {n} copies out</comment>
        <translation>
            <numerusform>{n} Kopie herausnehmen</numerusform>
            <numerusform>{n} Kopien herausnehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>Tar archives of pictures, with a file .cls, .json or .txt of the same name for the label.</source>
        <translation>Tar-Archive mit Bildern und einer gleichnamigen Datei .cls, .json oder .txt für das Label.</translation>
    </message>
    <message>
        <source>Tasks with annotations and predictions in tasks.json, the labelling configuration beside it; pictures as local files. JSON_MIN and CSV of Label Studio are read too.</source>
        <translation>Tasks mit Annotationen und Vorhersagen in tasks.json, die Konfiguration daneben; Bilder als lokale Dateien. JSON_MIN und CSV von Label Studio werden auch gelesen.</translation>
    </message>
    <message>
        <source>Teach your pictures new names</source>
        <translation>Bilder in eigene Klassen einteilen</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Test a picture</source>
        <translation>Bild testen</translation>
    </message>
    <message>
        <source>Test a picture from the clipboard</source>
        <translation>Ein Bild aus der Zwischenablage testen</translation>
    </message>
    <message>
        <source>Test images</source>
        <translation>Testbilder</translation>
    </message>
    <message>
        <source>Test on a folder</source>
        <translation>Auf einem Ordner testen</translation>
    </message>
    <message numerus="yes">
        <source>Test on {n} picture</source>
        <comment>Test on {n} pictures</comment>
        <translation>
            <numerusform>Auf {n} Bild testen</numerusform>
            <numerusform>Auf {n} Bildern testen</numerusform>
        </translation>
    </message>
    <message>
        <source>Test this picture</source>
        <translation>Dieses Bild testen</translation>
    </message>
    <message>
        <source>Tested on</source>
        <translation>Getestet auf</translation>
    </message>
    <message>
        <source>Texture</source>
        <translation>Textur</translation>
    </message>
    <message>
        <source>That is fine: suggestions start after the first labels.</source>
        <translation>Das macht nichts: Vorschläge kommen nach den ersten Labels.</translation>
    </message>
    <message>
        <source>That was the last question.</source>
        <translation>Das war die letzte Frage.</translation>
    </message>
    <message>
        <source>The Multi-Modal Adapter learns in the background. Watch its base and new accuracy rise.</source>
        <translation>Der Multi-Modal Adapter lernt im Hintergrund. Sehen Sie zu, wie seine Genauigkeit für Basisklassen und neue Klassen steigt.</translation>
    </message>
    <message>
        <source>The backbone as it is: nothing is trained, every class is known by its name alone.</source>
        <translation>Das Backbone, wie es ist: Nichts wird trainiert, jede Klasse wird allein an ihrem Namen erkannt.</translation>
    </message>
    <message>
        <source>The backbone is loading. Training can start when it is here.</source>
        <translation>Das Backbone wird geladen. Danach kann das Training starten.</translation>
    </message>
    <message>
        <source>The backbone&apos;s own visual projection, fine-tuned and held at its pretrained value.</source>
        <translation>Die eigene visuelle Projektion des Backbones, nachtrainiert und an ihrem vortrainierten Wert gehalten.</translation>
    </message>
    <message>
        <source>The class name &apos;{class_name}&apos; holds control characters. Type it again without them.</source>
        <translation>Der Klassenname „{class_name}“ enthält Steuerzeichen. Geben Sie ihn ohne diese neu ein.</translation>
    </message>
    <message>
        <source>The class name &apos;{class_name}&apos; is not UTF-8. Type it again.</source>
        <translation>Der Klassenname „{class_name}“ ist kein gültiges UTF-8. Geben Sie ihn neu ein.</translation>
    </message>
    <message>
        <source>The class name &apos;{start}…&apos; is too long ({found} characters). Use at most {limit} characters.</source>
        <translation>Der Klassenname „{start}…“ ist zu lang ({found} Zeichen). Verwenden Sie höchstens {limit} Zeichen.</translation>
    </message>
    <message>
        <source>The class names or their roles differ, so the choice among them was not equally hard.</source>
        <translation>Die Klassennamen oder ihre Rollen unterscheiden sich, die Auswahl war also nicht gleich schwer.</translation>
    </message>
    <message>
        <source>The class of each picture in a small file beside it, which photo programs read.</source>
        <translation>Die Klasse jedes Bildes in einer kleinen Datei daneben, die Fotoprogramme lesen.</translation>
    </message>
    <message>
        <source>The classes are numbers: put their names, one a line, into a file {file} in {folder}.</source>
        <translation>Die Klassen sind Zahlen: Schreiben Sie ihre Namen, einen je Zeile, in eine Datei {file} in {folder}.</translation>
    </message>
    <message>
        <source>The classifier of {classes} is in {file}. Its probabilities of {pictures} are the same there, to within {difference:.1g}.</source>
        <translation>Der Klassifikator ({classes}) wurde in {file} gespeichert. Seine Wahrscheinlichkeiten stimmen dort bis auf {difference:.1g} überein (geprüft: {pictures}).</translation>
    </message>
    <message>
        <source>The copies have different labels: {class_names}. Select them, and press the key of the right class.</source>
        <translation>Die Kopien haben verschiedene Labels: {class_names}. Wählen Sie sie aus und drücken Sie die Taste der richtigen Klasse.</translation>
    </message>
    <message>
        <source>The curve begins when the model has learned twice: label a few more pictures.</source>
        <translation>Die Kurve beginnt, wenn das Modell zweimal gelernt hat: Labeln Sie noch ein paar Bilder.</translation>
    </message>
    <message>
        <source>The database it had until now is kept in its folder as {file}.</source>
        <translation>Die bisherige Datenbank bleibt im Projektordner als {file} erhalten.</translation>
    </message>
    <message>
        <source>The database of this project is damaged or gone, and nothing was changed so far.</source>
        <translation>Die Datenbank dieses Projekts ist beschädigt oder fehlt. Bisher wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The database of {folder} is damaged. Restore one of its backups: the start page lists them.</source>
        <translation>Die Datenbank von {folder} ist beschädigt. Stellen Sie eine Sicherung wieder her: Die Startseite zeigt alle an.</translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the next one is used.</source>
        <translation>Das Gerät {device} ist ausgefallen ({reason}), daher wird das nächste verwendet.</translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the processor (cpu) is used.</source>
        <translation>Das Gerät {device} ist ausgefallen ({reason}), daher wird der Prozessor (cpu) verwendet.</translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the training starts again on the processor (cpu).</source>
        <translation>Auf dem Gerät {device} ist das Training fehlgeschlagen ({reason}). Es beginnt auf dem Prozessor (cpu) von vorn.</translation>
    </message>
    <message>
        <source>The disk is full: {path} was not written. Free some space and try again; nothing was lost.</source>
        <translation>Der Datenträger ist voll: {path} wurde nicht geschrieben. Geben Sie Speicherplatz frei und versuchen Sie es erneut; es ging nichts verloren.</translation>
    </message>
    <message>
        <source>The disk that holds {folder} is full; {lost}. Free some space and try again; everything saved before is safe.</source>
        <translation>Der Datenträger mit {folder} ist voll; {lost}. Geben Sie Speicherplatz frei und versuchen Sie es erneut. Alles, was vorher gespeichert wurde, ist sicher.</translation>
    </message>
    <message>
        <source>The experiment waits for: {job}.</source>
        <translation>Das Experiment wartet auf: {job}.</translation>
    </message>
    <message>
        <source>The exported file loads with these lines:</source>
        <translation>Diese Zeilen laden die exportierte Datei:</translation>
    </message>
    <message>
        <source>The folders in {folder} were not taken for classes. If they are, choose the format &apos;{format}&apos; (imagefolder).</source>
        <translation>Die Ordner in {folder} wurden nicht als Klassen genommen. Sind sie welche, wählen Sie das Format „{format}“ (imagefolder).</translation>
    </message>
    <message>
        <source>The frozen image and text model that the adapter sits on</source>
        <translation>Das eingefrorene Bild- und Textmodell, auf dem der Adapter aufsetzt</translation>
    </message>
    <message>
        <source>The image model could not be loaded</source>
        <translation>Das Bildmodell ließ sich nicht laden</translation>
    </message>
    <message>
        <source>The image model is not loaded yet.</source>
        <translation>Das Bildmodell ist noch nicht geladen.</translation>
    </message>
    <message>
        <source>The import of {places} was interrupted.</source>
        <translation>Der Import von {places} wurde unterbrochen.</translation>
    </message>
    <message>
        <source>The label is the column that holds 1, of: {columns}.</source>
        <translation>Das Label ist die Spalte, in der 1 steht, von: {columns}.</translation>
    </message>
    <message numerus="yes">
        <source>The label of {n} picture will not be listed again.</source>
        <comment>The labels of {n} pictures will not be listed again.</comment>
        <translation>
            <numerusform>Das Label von {n} Bild wird nicht wieder aufgelistet.</numerusform>
            <numerusform>Die Labels von {n} Bildern werden nicht wieder aufgelistet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The labelled pictures have not been looked at yet.</source>
        <translation>Die gelabelten Bilder wurden noch nicht ausgewertet.</translation>
    </message>
    <message>
        <source>The language changes at the next start, because work is still going on.</source>
        <translation>Die Sprache wechselt mit dem nächsten Programmstart: Es wird noch gearbeitet.</translation>
    </message>
    <message>
        <source>The learning rate must be above 0 and the weight decay at least 0, each at most {most:,}. Correct the recipe.</source>
        <translation>Die Lernrate muss über 0 liegen und der Weight Decay mindestens 0 sein, beide höchstens {most:,}. Korrigieren Sie die Werte im Rezept.</translation>
    </message>
    <message>
        <source>The likeliest pictures of new classes</source>
        <translation>Die wahrscheinlichsten Bilder neuer Klassen</translation>
    </message>
    <message>
        <source>The log is in {file}.</source>
        <translation>Das Protokoll steht in {file}.</translation>
    </message>
    <message>
        <source>The model &amp;reads</source>
        <translation>Das &amp;Modell liest</translation>
    </message>
    <message>
        <source>The model does not know &apos;{class_name}&apos;</source>
        <translation>Das Modell kennt „{class_name}“ nicht</translation>
    </message>
    <message>
        <source>The model does not know &apos;{class_name}&apos;. Type a common word for it after &apos;{class_name} =&apos;.</source>
        <translation>Das Modell kennt &apos;{class_name}&apos; nicht. Geben Sie hinter &apos;{class_name} =&apos; ein gebräuchliches Wort dafür ein.</translation>
    </message>
    <message>
        <source>The model does not understand this name: click below it to give another word</source>
        <translation>Das Modell versteht diesen Namen nicht: Klicken Sie auf den Hinweis darunter und geben Sie ein anderes Wort an</translation>
    </message>
    <message numerus="yes">
        <source>The model in use had learned from {n} before, which is left out.</source>
        <comment>The model in use had learned from {n} before, which are left out.</comment>
        <translation>
            <numerusform>Das verwendete Modell hatte aus {n} davon schon gelernt; es bleibt außen vor.</numerusform>
            <numerusform>Das verwendete Modell hatte aus {n} davon schon gelernt; sie bleiben außen vor.</numerusform>
        </translation>
    </message>
    <message>
        <source>The model is sure enough of every unlabelled picture.</source>
        <translation>Das Modell ist sich bei jedem ungelabelten Bild sicher genug.</translation>
    </message>
    <message>
        <source>The model may confuse &apos;{class_name}&apos; and &apos;{other_class}&apos;</source>
        <translation>Das Modell könnte &apos;{class_name}&apos; und &apos;{other_class}&apos; verwechseln</translation>
    </message>
    <message>
        <source>The model predicts what they show, and asks where it is in doubt.</source>
        <translation>Das Modell sagt vorher, was sie zeigen, und fragt, wo es unsicher ist.</translation>
    </message>
    <message>
        <source>The model probably reads &apos;{text}&apos;: please check</source>
        <translation>Das Modell liest wahrscheinlich „{text}“: bitte prüfen</translation>
    </message>
    <message>
        <source>The model reads &apos;{text}&apos;</source>
        <translation>Das Modell liest „{text}“</translation>
    </message>
    <message>
        <source>The model would read &apos;{text}&apos; for both &apos;{class_name}&apos; and &apos;{other_class}&apos;. Let it read another text for one of them.</source>
        <translation>Das Modell würde für „{class_name}“ und für „{other_class}“ denselben Text lesen: „{text}“. Lassen Sie es für eine der beiden einen anderen lesen.</translation>
    </message>
    <message>
        <source>The names of the numbered classes are those in {file}.</source>
        <translation>Die Namen der nummerierten Klassen stammen aus {file}.</translation>
    </message>
    <message>
        <source>The numbers of &apos;{run}&apos; cannot be read.</source>
        <translation>Die Zahlen von „{run}“ sind nicht lesbar.</translation>
    </message>
    <message>
        <source>The numbers that the image model makes of each picture, for research.</source>
        <translation>Die Zahlen, die das Bildmodell aus jedem Bild macht, für die Forschung.</translation>
    </message>
    <message>
        <source>The order needs the image model, so the pictures are in the order they were added.</source>
        <translation>Diese Reihenfolge braucht das Bildmodell. Die Bilder stehen deshalb in der Reihenfolge, in der sie hinzugefügt wurden.</translation>
    </message>
    <message>
        <source>The paper&apos;s attention over text and picture features, beside a visual head that is fitted to the shots at once.</source>
        <translation>Die Attention der Veröffentlichung über Text- und Bildmerkmale, neben einem visuellen Kopf, der sofort an die Shots angepasst wird.</translation>
    </message>
    <message>
        <source>The paper&apos;s backbone.</source>
        <translation>Das Backbone des Papers.</translation>
    </message>
    <message>
        <source>The paper&apos;s: a small attention block adapts image and text embeddings together. Learns the base classes and still takes new class names.</source>
        <translation>Die Methode des Papers: Ein kleiner Attention-Block adaptiert Bild- und Text-Embeddings gemeinsam. Lernt die Basisklassen und nimmt weiterhin neue Klassennamen an.</translation>
    </message>
    <message numerus="yes">
        <source>The picture is kept in it, too.</source>
        <comment>The {n} pictures are kept in it, too.</comment>
        <translation>
            <numerusform>Auch das Bild wird darin gespeichert.</numerusform>
            <numerusform>Auch die {n} Bilder werden darin gespeichert.</numerusform>
        </translation>
    </message>
    <message>
        <source>The pictures are inside the file: they are written into the project&apos;s folder.</source>
        <translation>Die Bilder stecken in der Datei: Sie werden in den Ordner des Projekts geschrieben.</translation>
    </message>
    <message>
        <source>The pictures are much alike.</source>
        <translation>Die Bilder sind einander sehr ähnlich.</translation>
    </message>
    <message>
        <source>The pictures are unpacked into {folder} when they are imported.</source>
        <translation>Die Bilder werden beim Importieren nach {folder} entpackt.</translation>
    </message>
    <message>
        <source>The pictures that the adapter would give each class that it was not trained on.</source>
        <translation>Die Bilder, die der Adapter jeder Klasse gäbe, mit der er nicht trainiert wurde.</translation>
    </message>
    <message>
        <source>The pictures with a metadata.parquet that names their labels, in folders train, val and test where they have a split. load_dataset reads it.</source>
        <translation>Die Bilder mit einer metadata.parquet, die ihre Labels nennt, in Ordnern train, val und test, wo sie einen Split haben. load_dataset liest das.</translation>
    </message>
    <message>
        <source>The prompt template &apos;{template}&apos; is not UTF-8. Type it again.</source>
        <translation>Die Prompt-Vorlage „{template}“ ist kein gültiges UTF-8. Geben Sie sie neu ein.</translation>
    </message>
    <message>
        <source>The quickest OpenAI CLIP.</source>
        <translation>Das schnellste CLIP von OpenAI.</translation>
    </message>
    <message>
        <source>The report is on the clipboard. Read it before you send it: file names may be in it.</source>
        <translation>Der Bericht ist in der Zwischenablage. Lesen Sie ihn, bevor Sie ihn senden: Er kann Dateinamen enthalten.</translation>
    </message>
    <message>
        <source>The results appear by themselves, once the labelled pictures have been looked at.</source>
        <translation>Die Ergebnisse erscheinen von selbst, sobald die gelabelten Bilder ausgewertet sind.</translation>
    </message>
    <message>
        <source>The second line is what the other labels say. The key of a class corrects the selected ones.</source>
        <translation>Die zweite Zeile zeigt, wofür die anderen Labels sprechen. Die Taste einer Klasse korrigiert die ausgewählten.</translation>
    </message>
    <message>
        <source>The settings in {path} could not be read; the defaults are used.</source>
        <translation>Die Einstellungen in {path} konnten nicht gelesen werden; es gelten die Standardwerte.</translation>
    </message>
    <message>
        <source>The smallest here.</source>
        <translation>Das kleinste in dieser Liste.</translation>
    </message>
    <message>
        <source>The subset &apos;{subset}&apos; is taken without a split.</source>
        <translation>Die Teilmenge „{subset}“ wird ohne Split übernommen.</translation>
    </message>
    <message>
        <source>The system gives this program no more memory or threads. Close other programs and try again, or raise the limits that were set for it (on Linux and macOS, &apos;ulimit -a&apos; lists them).</source>
        <translation>Das System gibt diesem Programm keinen weiteren Speicher und keine weiteren Threads. Schließen Sie andere Programme und versuchen Sie es erneut, oder erhöhen Sie die Grenzen, die ihm gesetzt sind (unter Linux und macOS zeigt „ulimit -a“ sie an).</translation>
    </message>
    <message>
        <source>The table is on the clipboard.</source>
        <translation>Die Tabelle ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The test images are not the same, so a difference may come from the images alone.</source>
        <translation>Die Testbilder sind nicht dieselben, ein Unterschied kann also allein an den Bildern liegen.</translation>
    </message>
    <message>
        <source>The texts ({suffix}) may be captions, so they are no labels. If they are, choose the column &apos;{column}&apos;.</source>
        <translation>Die Texte ({suffix}) können Bildunterschriften sein und gelten daher nicht als Labels. Sind es doch Labels, wählen Sie die Spalte „{column}“.</translation>
    </message>
    <message>
        <source>The training became unstable: its loss is no longer a number. Lower the learning rate and start again.</source>
        <translation>Das Training wurde instabil: Der Loss ist keine Zahl mehr. Senken Sie die Lernrate und starten Sie erneut.</translation>
    </message>
    <message>
        <source>The training ends after this many epochs at the latest.</source>
        <translation>Das Training endet spätestens nach so vielen Epochen.</translation>
    </message>
    <message>
        <source>The two were not asked about the same pictures, so they cannot be compared.</source>
        <translation>Die beiden wurden nicht nach denselben Bildern gefragt und lassen sich daher nicht vergleichen.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>There are no predictions yet: they come once there are classes and the pictures have been looked at.</source>
        <translation>Es gibt noch keine Vorhersagen: Sie erscheinen, sobald es Klassen gibt und die Bilder ausgewertet sind.</translation>
    </message>
    <message>
        <source>There is no backup of this project.</source>
        <translation>Es gibt keine Sicherung dieses Projekts.</translation>
    </message>
    <message>
        <source>There is no base class yet: a classifier needs at least two base classes with labelled images.</source>
        <translation>Es gibt noch keine Basisklasse: Ein Klassifikator braucht mindestens zwei Basisklassen mit gelabelten Bildern.</translation>
    </message>
    <message>
        <source>There is no class to suggest pictures for. Add some class names first.</source>
        <translation>Es gibt keine Klasse, für die sich Bilder vorschlagen ließen. Fügen Sie zuerst einige Klassennamen hinzu.</translation>
    </message>
    <message>
        <source>There is no class yet. Add the names of your classes on the Label page first.</source>
        <translation>Es gibt noch keine Klasse. Fügen Sie zuerst auf der Seite „Labeln“ die Namen Ihrer Klassen hinzu.</translation>
    </message>
    <message>
        <source>There is no labelled picture to measure on. Label a few of each class first.</source>
        <translation>Für die Messung fehlen gelabelte Bilder. Labeln Sie zuerst einige jeder Klasse.</translation>
    </message>
    <message>
        <source>There is no model yet. Add pictures, and name two or more classes.</source>
        <translation>Es gibt noch kein Modell. Fügen Sie Bilder hinzu und benennen Sie mindestens zwei Klassen.</translation>
    </message>
    <message>
        <source>There is no picture in what you dropped. Drop pictures, folders, or a picture of a web page.</source>
        <translation>Es wurde kein Bild abgelegt. Legen Sie Bilder, Ordner oder ein Bild aus einer Webseite ab.</translation>
    </message>
    <message>
        <source>There is no picture in {places}. No project was made.</source>
        <translation>In {places} ist kein Bild. Es wurde kein Projekt angelegt.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard. Copy a picture, or picture files, then paste.</source>
        <translation>In der Zwischenablage ist kein Bild. Kopieren Sie ein Bild oder Bilddateien, und fügen Sie sie dann ein.</translation>
    </message>
    <message>
        <source>There is no picture to sort.</source>
        <translation>Es gibt keine Bilder zum Sortieren.</translation>
    </message>
    <message>
        <source>There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): use the commands, which need none, such as &apos;mma-desktop sample --headless OUT&apos; or &apos;mma-desktop train IMAGES&apos;.</source>
        <translation>Es gibt keinen Bildschirm für ein Fenster (weder DISPLAY noch WAYLAND_DISPLAY ist gesetzt). Verwenden Sie die Befehle, die keinen brauchen, z.&#xa0;B. „mma-desktop sample --headless OUT“ oder „mma-desktop train IMAGES“.</translation>
    </message>
    <message>
        <source>There is nothing to check: no picture has its name from the model that learns.</source>
        <translation>Es gibt nichts zu prüfen: Kein Bild hat seinen Namen vom lernenden Modell.</translation>
    </message>
    <message>
        <source>There is nothing to check: no picture is named &apos;{class_name}&apos; by the model that learns.</source>
        <translation>Es gibt nichts zu prüfen: Das lernende Modell nennt kein Bild „{class_name}“.</translation>
    </message>
    <message>
        <source>There is one base class, &apos;{class_name}&apos;: a classifier needs at least two base classes with labelled images.</source>
        <translation>Es gibt nur eine Basisklasse, „{class_name}“: Ein Klassifikator braucht mindestens zwei Basisklassen mit gelabelten Bildern.</translation>
    </message>
    <message numerus="yes">
        <source>There is {n} class name; a model takes at most {most}.</source>
        <comment>There are {n} class names; a model takes at most {most}.</comment>
        <translation>
            <numerusform>Es gibt {n} Klassennamen; ein Modell fasst höchstens {most}.</numerusform>
            <numerusform>Es gibt {n} Klassennamen; ein Modell fasst höchstens {most}.</numerusform>
        </translation>
    </message>
    <message>
        <source>There was no picture in what you gave. Formats: {formats}.</source>
        <translation>Es war kein Bild dabei. Formate: {formats}.</translation>
    </message>
    <message>
        <source>There was not enough memory for: {job}. Every label is saved. Close other programs and try again, or choose a smaller image model such as the starter.</source>
        <translation>Der Speicher reicht nicht aus für: {job}. Alle Labels sind gespeichert. Schließen Sie andere Programme und versuchen Sie es erneut, oder wählen Sie ein kleineres Bildmodell wie den Starter.</translation>
    </message>
    <message>
        <source>These are left out, or taken without what is said. The rest is imported.</source>
        <translation>Diese Zeilen werden ausgelassen oder ohne die genannte Angabe übernommen. Der Rest wird importiert.</translation>
    </message>
    <message>
        <source>These are too few pictures to tell groups apart.</source>
        <translation>Das sind zu wenige Bilder, um Gruppen zu unterscheiden.</translation>
    </message>
    <message>
        <source>These can be read: {formats}.</source>
        <translation>Diese lassen sich lesen: {formats}.</translation>
    </message>
    <message>
        <source>These lines of Python use {file}.</source>
        <translation>Diese Python-Zeilen verwenden {file}.</translation>
    </message>
    <message>
        <source>They are none of your classes</source>
        <translation>Sie sind keine Ihrer Klassen</translation>
    </message>
    <message>
        <source>This applies to {methods}.</source>
        <translation>Das gilt für {methods}.</translation>
    </message>
    <message>
        <source>This backbone is not on this computer. Download it, choose its weights file, or choose another one.</source>
        <translation>Dieses Backbone ist nicht auf diesem Computer. Laden Sie es herunter, wählen Sie die Gewichtsdatei aus oder nehmen Sie ein anderes Backbone.</translation>
    </message>
    <message>
        <source>This group is probably mixed: take out what does not belong, or split it.</source>
        <translation>Diese Gruppe ist wahrscheinlich gemischt: Nehmen Sie heraus, was nicht dazugehört, oder teilen Sie sie.</translation>
    </message>
    <message>
        <source>This group may be mixed: take out what does not belong, or split it.</source>
        <translation>Diese Gruppe ist vielleicht gemischt: Nehmen Sie heraus, was nicht dazugehört, oder teilen Sie sie.</translation>
    </message>
    <message>
        <source>This is a fault of the program, not of your pictures. Your labels are saved, you can go on.</source>
        <translation>Das ist ein Fehler des Programms und liegt nicht an Ihren Bildern. Ihre Labels sind gespeichert. Sie können weiterarbeiten.</translation>
    </message>
    <message numerus="yes">
        <source>This is {n} template; at most {most} are possible.</source>
        <comment>These are {n} templates; at most {most} are possible.</comment>
        <translation>
            <numerusform>Das ist {n} Vorlage; höchstens {most} sind möglich.</numerusform>
            <numerusform>Das sind {n} Vorlagen; höchstens {most} sind möglich.</numerusform>
        </translation>
    </message>
    <message>
        <source>This looks like {class_name}.</source>
        <translation>Das sieht nach {class_name} aus.</translation>
    </message>
    <message>
        <source>This machine has no usable {device} device, so the processor (cpu) is used.</source>
        <translation>Das Gerät {device} ist auf diesem Computer nicht nutzbar, daher wird der Prozessor (cpu) verwendet.</translation>
    </message>
    <message>
        <source>This one</source>
        <translation>Dieses</translation>
    </message>
    <message>
        <source>This project was set up elsewhere to import what comes into {folders}.</source>
        <translation>Dieses Projekt wurde anderswo so eingerichtet, dass es importiert, was in {folders} neu dazukommt.</translation>
    </message>
    <message>
        <source>Time of the training alone, without reading and embedding pictures</source>
        <translation>Dauer des Trainings allein, ohne Lesen der Bilder und Berechnen der Embeddings</translation>
    </message>
    <message>
        <source>Times the squared distance from the identity, a shot.</source>
        <translation>Faktor für den quadrierten Abstand zur Identität, geteilt durch die Shots je Klasse.</translation>
    </message>
    <message>
        <source>Times the squared distance from the pretrained one, a shot.</source>
        <translation>Faktor für den quadrierten Abstand zur vortrainierten Projektion, geteilt durch die Shots je Klasse.</translation>
    </message>
    <message>
        <source>To install it again, run in a copy of the repository of mma-desktop: {command}</source>
        <translation>Um es neu zu installieren, führen Sie in einer Kopie des Repositorys von mma-desktop aus: {command}</translation>
    </message>
    <message>
        <source>To install it, run in a copy of the repository of mma-desktop: {command}</source>
        <translation>Um es zu installieren, führen Sie in einer Kopie des Repositorys von mma-desktop aus: {command}</translation>
    </message>
    <message>
        <source>To measure it, make some classes name only (new).</source>
        <translation>Um sie zu messen, stellen Sie einige Klassen auf „Nur Name“.</translation>
    </message>
    <message>
        <source>Train</source>
        <comment>page</comment>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Train all classes</source>
        <translation>Alle Klassen trainieren</translation>
    </message>
    <message>
        <source>Train the adapter</source>
        <translation>Den Adapter trainieren</translation>
    </message>
    <message>
        <source>Train the first half only</source>
        <translation>Nur die erste Hälfte trainieren</translation>
    </message>
    <message>
        <source>Train with several numbers of shots, such as 1, 2, 4, 8, 16, to see a curve.</source>
        <translation>Trainieren Sie mit mehreren Anzahlen von Shots, z.&#xa0;B. 1, 2, 4, 8, 16, um eine Kurve zu sehen.</translation>
    </message>
    <message numerus="yes">
        <source>Train with {n} shot</source>
        <comment>Train with {n} shots</comment>
        <translation>
            <numerusform>Mit {n} Shot trainieren</numerusform>
            <numerusform>Mit {n} Shots trainieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>Trainiert</translation>
    </message>
    <message>
        <source>Trained classes</source>
        <translation>Trainierte Klassen</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert mit</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>Trainings-Loss</translation>
    </message>
    <message>
        <source>Training needs at least two base classes. Add a class, or make one trained (base).</source>
        <translation>Ein Training braucht mindestens zwei Basisklassen. Fügen Sie eine Klasse hinzu, oder stellen Sie eine auf „Trainiert“.</translation>
    </message>
    <message>
        <source>Training {method}</source>
        <translation>{method} trainieren</translation>
    </message>
    <message>
        <source>Training {method} on the same pictures, to compare</source>
        <translation>{method} wird zum Vergleich mit denselben Bildern trainiert</translation>
    </message>
    <message>
        <source>Trainings with a division of their own. They change nothing, until you use one.</source>
        <translation>Trainings mit eigener Aufteilung. Sie ändern nichts, bis Sie eines verwenden.</translation>
    </message>
    <message>
        <source>Transformer</source>
        <translation>Transformer</translation>
    </message>
    <message>
        <source>Try a class name, test a picture</source>
        <translation>Einen Klassennamen versuchen, ein Bild testen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Try any class name</source>
        <translation>Klassennamen ausprobieren</translation>
    </message>
    <message>
        <source>Type a class name</source>
        <translation>Klassennamen eingeben</translation>
    </message>
    <message>
        <source>Type a name</source>
        <translation>Namen eingeben</translation>
    </message>
    <message>
        <source>Type a name first, or press 0 for None of these.</source>
        <translation>Geben Sie zuerst einen Namen ein, oder drücken Sie 0 für „Keine davon“.</translation>
    </message>
    <message>
        <source>Type a name that nobody labelled and press Enter. With Kohlmeise = great tit the model reads great tit.</source>
        <translation>Einen Namen eingeben, für den es keine Labels gibt, und Enter drücken. Bei „Kohlmeise = great tit“ liest das Modell „great tit“.</translation>
    </message>
    <message>
        <source>Type a name without tabs and other control characters.</source>
        <translation>Geben Sie einen Namen ohne Tabulatoren und andere Steuerzeichen ein.</translation>
    </message>
    <message>
        <source>Type a name without {letters} and without a dot at either end.</source>
        <translation>Geben Sie einen Namen ohne {letters} und ohne Punkt am Anfang oder Ende ein.</translation>
    </message>
    <message>
        <source>Type class names on the Label page, or try any name on the right: no labels are needed for that.</source>
        <translation>Geben Sie auf der Seite „Labeln“ Klassennamen ein oder probieren Sie rechts einen beliebigen Namen aus: Dafür sind keine Labels nötig.</translation>
    </message>
    <message>
        <source>Type or paste names, separated by commas or lines. Enter adds them, Shift+Enter starts a line. With Kohlmeise = great tit the model reads great tit.</source>
        <translation>Namen eingeben oder einfügen, getrennt durch Kommas oder Zeilenumbrüche. Enter fügt sie hinzu, Umschalt+Enter beginnt eine neue Zeile. Bei „Kohlmeise = great tit“ liest das Modell „great tit“.</translation>
    </message>
    <message>
        <source>Type the names of your classes above, separated by commas, or drop a folder with one subfolder per class. Then press the key of a class to label the selected pictures.</source>
        <translation>Geben Sie oben die Namen Ihrer Klassen ein, durch Kommas getrennt, oder ziehen Sie einen Ordner mit einem Unterordner je Klasse herein. Mit der Taste einer Klasse geben Sie den ausgewählten Bildern ihr Label.</translation>
    </message>
    <message>
        <source>Typical pictures</source>
        <translation>Typische Bilder</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message numerus="yes">
        <source>Undo brings it back.</source>
        <comment>Undo brings them back.</comment>
        <translation>
            <numerusform>„Rückgängig“ bringt es zurück.</numerusform>
            <numerusform>„Rückgängig“ bringt sie zurück.</numerusform>
        </translation>
    </message>
    <message>
        <source>Undone: {edit}.</source>
        <translation>Rückgängig gemacht: {edit}.</translation>
    </message>
    <message>
        <source>Unknown pictures that get a name where {recall} of the others keep theirs</source>
        <translation>Fremde Bilder, die einen Namen bekommen, wenn {recall} der anderen ihren behalten</translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation>Ungelabelt</translation>
    </message>
    <message>
        <source>Unpack it, and import the folder.</source>
        <translation>Entpacken Sie es und importieren Sie den Ordner.</translation>
    </message>
    <message>
        <source>Unpacking {file}</source>
        <translation>{file} wird entpackt</translation>
    </message>
    <message>
        <source>Unseen classes</source>
        <translation>Ungesehene Klassen</translation>
    </message>
    <message>
        <source>Unsure</source>
        <comment>folder of pictures whose prediction is below the confidence limit</comment>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Up-projection</source>
        <translation>Aufwärtsprojektion</translation>
    </message>
    <message>
        <source>Use</source>
        <comment>page</comment>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use &apos;{model}&apos; in this project?</source>
        <translation>„{model}“ in diesem Projekt verwenden?</translation>
    </message>
    <message>
        <source>Use &apos;{run}&apos; as the model of this project?</source>
        <translation>„{run}“ als Modell dieses Projekts verwenden?</translation>
    </message>
    <message>
        <source>Use another model</source>
        <translation>Anderes Modell verwenden</translation>
    </message>
    <message>
        <source>Use for</source>
        <translation>Verwendung</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>Hier verwenden</translation>
    </message>
    <message>
        <source>Use one name if they are one class; if not, give examples of both.</source>
        <translation>Ist es dieselbe Klasse, verwenden Sie nur einen Namen; wenn nicht, geben Sie Beispiele von beiden.</translation>
    </message>
    <message>
        <source>Use the former model</source>
        <translation>Voriges Modell verwenden</translation>
    </message>
    <message>
        <source>Use the model that learns</source>
        <translation>Lernendes Modell verwenden</translation>
    </message>
    <message>
        <source>Use the starter</source>
        <translation>Starter verwenden</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Dieses Modell verwenden</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>Dieses verwenden</translation>
    </message>
    <message>
        <source>Use this one…</source>
        <translation>Verwenden…</translation>
    </message>
    <message>
        <source>Used, it stays as it is. Train again to teach it labels that you give later.</source>
        <translation>Wird es verwendet, bleibt es, wie es ist. Trainieren Sie neu, damit es spätere Labels lernt.</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Validation images</source>
        <translation>Validierungsbilder</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>Validierungs-Loss</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Version {version}, Apache License 2.0</source>
        <translation>Version {version}, Apache License 2.0</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Vertex AI and SageMaker manifests</source>
        <translation>Manifeste von Vertex AI und SageMaker</translation>
    </message>
    <message>
        <source>Visual head</source>
        <translation>Visueller Kopf</translation>
    </message>
    <message>
        <source>Wait</source>
        <translation>Warten</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Walk through a chart or the confusion matrix; Enter opens a cell</source>
        <translation>Durch ein Diagramm oder die Konfusionsmatrix gehen; Enter öffnet eine Zelle</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Watch here, too</source>
        <translation>Auch hier überwachen</translation>
    </message>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Weight Decay</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Weights from {file}</source>
        <translation>Gewichte aus {file}</translation>
    </message>
    <message>
        <source>What &apos;{model}&apos; says; nothing is changed</source>
        <translation>Was „{model}“ sagt; nichts wird geändert</translation>
    </message>
    <message>
        <source>What commands learned of pictures</source>
        <translation>Cache der Befehlszeile</translation>
    </message>
    <message>
        <source>What is confused</source>
        <translation>Was verwechselt wird</translation>
    </message>
    <message>
        <source>What is in the pictures? The image model compares the words with each of them.</source>
        <translation>Was ist auf den Bildern zu sehen? Das Bildmodell vergleicht Ihre Worte mit jedem Bild.</translation>
    </message>
    <message>
        <source>What learns while you label: a linear map of image embeddings, held close to what the backbone knows, and a visual head for the trained classes, both without attention. Trains in a second.</source>
        <translation>Was beim Beschriften lernt: eine lineare Abbildung der Bild-Einbettungen, nah an dem gehalten, was das Modell schon weiß, und ein visueller Kopf für die trainierten Klassen, beides ohne Attention. Trainiert in einer Sekunde.</translation>
    </message>
    <message>
        <source>What looks at the pictures, before anything is learned.</source>
        <translation>Was die Bilder auswertet, bevor etwas gelernt wird.</translation>
    </message>
    <message>
        <source>What prevents the training</source>
        <translation>Was das Training verhindert</translation>
    </message>
    <message>
        <source>What the model reads</source>
        <translation>Was das Modell liest</translation>
    </message>
    <message>
        <source>What the program sees with</source>
        <translation>Womit das Programm sieht</translation>
    </message>
    <message>
        <source>What the residuals are multiplied by.</source>
        <translation>Faktor, mit dem die Residuen multipliziert werden.</translation>
    </message>
    <message>
        <source>What was not used for longest goes first. 0 keeps nothing. Projects keep their own, without a limit.</source>
        <translation>Was am längsten nicht gebraucht wurde, wird zuerst gelöscht. Bei 0 wird nichts aufgehoben. Was in Projekten liegt, zählt nicht dazu und hat keine Grenze.</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Where a training measured by cross-validation, the mean of its folds is drawn.</source>
        <translation>Bei Trainings mit Kreuzvalidierung ist der Mittelwert der Folds dargestellt.</translation>
    </message>
    <message>
        <source>Where are the missing pictures now?</source>
        <translation>Wo sind die fehlenden Bilder jetzt?</translation>
    </message>
    <message>
        <source>Where new projects are offered. Empty: mma-desktop in your documents.</source>
        <translation>Wo neue Projekte vorgeschlagen werden. Leer: mma-desktop in Ihren Dokumenten.</translation>
    </message>
    <message>
        <source>Where the model runs. Automatic takes a GPU where one works, else the processor.</source>
        <translation>Wo das Modell läuft. „Automatisch“ nimmt eine GPU, wenn eine funktioniert, sonst den Prozessor.</translation>
    </message>
    <message>
        <source>Which classes are trained (base), and which are held back (new). Of this experiment only</source>
        <translation>Welche Klassen trainiert (Basis) und welche zurückgehalten werden (Neu). Gilt nur für dieses Experiment</translation>
    </message>
    <message>
        <source>Which classes need labels</source>
        <translation>Welche Klassen Labels brauchen</translation>
    </message>
    <message>
        <source>Window system</source>
        <translation>Fenstersystem</translation>
    </message>
    <message>
        <source>With it, a class key labels the picture and selects the next one.</source>
        <translation>Eine Klassentaste labelt dann das Bild und wählt das nächste aus.</translation>
    </message>
    <message>
        <source>With what</source>
        <translation>Womit</translation>
    </message>
    <message>
        <source>Without this picture</source>
        <translation>Ohne dieses Bild</translation>
    </message>
    <message>
        <source>Without what the model has learned from your labels</source>
        <translation>Ohne das, was das Modell aus Ihren Labels gelernt hat</translation>
    </message>
    <message>
        <source>Work is still going on: {jobs}.</source>
        <translation>Es laufen noch Aufgaben: {jobs}.</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Works offline at once. Knows the 1,000 ImageNet classes best; the CLIP models know far more.</source>
        <translation>Funktioniert sofort und ohne Internet. Kennt die 1.000 ImageNet-Klassen am besten; die CLIP-Modelle kennen weit mehr.</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Write at least one template.</source>
        <translation>Schreiben Sie mindestens eine Vorlage.</translation>
    </message>
    <message>
        <source>Writes the class of each picture into an XMP side-car (.xmp) beside it, for digiKam, darktable and others. Pictures and other keywords stay as they are.</source>
        <translation>Schreibt die Klasse jedes Bildes in eine XMP-Begleitdatei (.xmp) daneben, für digiKam, darktable und andere. Bilder und andere Stichwörter bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Writes {path}</source>
        <translation>Ziel: {path}</translation>
    </message>
    <message>
        <source>Writing a report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>Writing and checking {format} needs {packages}. {hint}</source>
        <translation>Um {format} zu schreiben und zu prüfen, wird {packages} gebraucht. {hint}</translation>
    </message>
    <message>
        <source>Writing and comparing</source>
        <translation>Klassifikator schreiben und prüfen</translation>
    </message>
    <message>
        <source>Writing keywords</source>
        <translation>Stichwörter schreiben</translation>
    </message>
    <message>
        <source>Writing pictures</source>
        <translation>Bilder schreiben</translation>
    </message>
    <message>
        <source>Writing the features</source>
        <translation>Merkmale schreiben</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>Written to {file}.</source>
        <translation>Geschrieben: {file}.</translation>
    </message>
    <message>
        <source>Written to {file}: {count_sentence}</source>
        <translation>Geschrieben nach {file}: {count_sentence}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>You can change this later on the Train page.</source>
        <translation>Das lässt sich später auf der Seite Training ändern.</translation>
    </message>
    <message>
        <source>You chose this model. The one that learns from your labels goes on learning.</source>
        <translation>Dieses haben Sie gewählt. Das Modell, das aus Ihren Labels lernt, lernt weiter.</translation>
    </message>
    <message>
        <source>You chose this model. The one that learns from your labels is right in {accuracy}.</source>
        <translation>Dieses haben Sie gewählt. Das Modell, das aus Ihren Labels lernt, liegt zu {accuracy} richtig.</translation>
    </message>
    <message>
        <source>You still see the name; the model reads this: great tit for Kohlmeise. Several words are read together if semicolons are between them.</source>
        <translation>Sie sehen weiterhin den Namen, das Modell liest dies: „great tit“ für „Kohlmeise“. Mehrere Wörter werden zusammen gelesen, wenn Semikolons dazwischen stehen.</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Zero-shot</source>
        <translation>Zero-Shot</translation>
    </message>
    <message>
        <source>Zero-shot and the linear probe have no epochs, and a loaded adapter keeps none.</source>
        <translation>Zero-Shot und die lineare Probe haben keine Epochen, und ein geladener Adapter enthält keine.</translation>
    </message>
    <message>
        <source>Zero-shot base, new</source>
        <translation>Zero-Shot Basis, neu</translation>
    </message>
    <message>
        <source>Zoom in, zoom out, all of it; Shift and arrows move it</source>
        <translation>Vergrößern, verkleinern, ganzes Bild; Umschalt und Pfeiltasten verschieben es</translation>
    </message>
    <message>
        <source>a DDS texture</source>
        <translation>eine DDS-Textur</translation>
    </message>
    <message>
        <source>a DICOM file</source>
        <translation>eine DICOM-Datei</translation>
    </message>
    <message>
        <source>a FITS file</source>
        <translation>eine FITS-Datei</translation>
    </message>
    <message>
        <source>a GIMP document</source>
        <translation>ein GIMP-Dokument</translation>
    </message>
    <message>
        <source>a HEIC picture</source>
        <translation>ein HEIC-Bild</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>ein JPEG-2000-Bild</translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation>ein JPEG-XL-Bild</translation>
    </message>
    <message>
        <source>a PCX picture</source>
        <translation>ein PCX-Bild</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a Photoshop document</source>
        <translation>ein Photoshop-Dokument</translation>
    </message>
    <message>
        <source>a PostScript drawing</source>
        <translation>eine PostScript-Zeichnung</translation>
    </message>
    <message>
        <source>a QOI picture</source>
        <translation>ein QOI-Bild</translation>
    </message>
    <message>
        <source>a Radiance picture</source>
        <translation>ein Radiance-Bild</translation>
    </message>
    <message>
        <source>a Windows metafile</source>
        <translation>eine Windows-Metadatei</translation>
    </message>
    <message>
        <source>a camera raw file</source>
        <translation>eine Kamera-RAW-Datei</translation>
    </message>
    <message>
        <source>a camera raw file; to read its preview, an extra package is needed</source>
        <translation>eine Kamera-RAW-Datei; um ihre Vorschau zu lesen, wird ein zusätzliches Paket gebraucht</translation>
    </message>
    <message>
        <source>a cell is too long (line {line})</source>
        <translation>eine Zelle ist zu lang (Zeile {line})</translation>
    </message>
    <message>
        <source>a class has a name, a colour or a key that cannot be typed in</source>
        <translation>Name, Farbe oder Taste einer Klasse lässt sich so nicht eingeben</translation>
    </message>
    <message>
        <source>a film</source>
        <translation>ein Video</translation>
    </message>
    <message>
        <source>a macOS icon</source>
        <translation>ein macOS-Icon</translation>
    </message>
    <message>
        <source>a newer mma-desktop wrote it (update the program to keep it)</source>
        <translation>eine neuere Version von mma-desktop hat es geschrieben (aktualisieren Sie das Programm, um es zu behalten)</translation>
    </message>
    <message>
        <source>a number from {low:g} to {high:g}</source>
        <translation>eine Zahl von {low:g} bis {high:g}</translation>
    </message>
    <message>
        <source>a portable any-map</source>
        <translation>ein Portable-Anymap-Bild</translation>
    </message>
    <message>
        <source>a quotation mark is out of place (line {line})</source>
        <translation>ein Anführungszeichen steht an der falschen Stelle (Zeile {line})</translation>
    </message>
    <message>
        <source>a row of its table {table} holds an invalid value</source>
        <translation>Tabelle {table} enthält eine Zeile mit unzulässigen Werten</translation>
    </message>
    <message>
        <source>a row of its table {table} refers to nothing</source>
        <translation>Tabelle {table} enthält eine Zeile, die zu nichts gehört</translation>
    </message>
    <message>
        <source>a run-length encoded BMP of more than {limit:d} MB would take minutes</source>
        <translation>das Lesen einer lauflängenkodierten BMP-Datei von mehr als {limit:d}&#xa0;MB würde Minuten dauern</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a training names a file outside the project</source>
        <translation>Training verweist auf eine Datei außerhalb des Projekts</translation>
    </message>
    <message>
        <source>a weights file you pick</source>
        <translation>eine Gewichtsdatei Ihrer Wahl</translation>
    </message>
    <message>
        <source>a whole number from {low:g} to {high:g}</source>
        <translation>eine ganze Zahl von {low:g} bis {high:g}</translation>
    </message>
    <message>
        <source>about {duration} for these pictures on this computer&apos;s processor</source>
        <translation>etwa {duration} für diese Bilder auf dem Prozessor dieses Computers</translation>
    </message>
    <message>
        <source>about {duration} left</source>
        <translation>noch etwa {duration}</translation>
    </message>
    <message>
        <source>about {megabytes} MB</source>
        <translation>etwa {megabytes}&#xa0;MB</translation>
    </message>
    <message>
        <source>accepted prediction</source>
        <translation>übernommene Vorhersage</translation>
    </message>
    <message>
        <source>adapter alone {percent}</source>
        <translation>Adapter allein {percent}</translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation>ein OpenEXR-Bild</translation>
    </message>
    <message>
        <source>an SVG drawing</source>
        <translation>eine SVG-Zeichnung</translation>
    </message>
    <message>
        <source>an icon</source>
        <translation>ein Icon</translation>
    </message>
    <message numerus="yes">
        <source>and {n} more</source>
        <comment>and {n} more</comment>
        <translation>
            <numerusform>und noch {n}</numerusform>
            <numerusform>und noch {n}</numerusform>
        </translation>
    </message>
    <message>
        <source>annotations/&lt;subset&gt;.json with the labels of whole pictures; boxes and outlines are left out.</source>
        <translation>annotations/&lt;subset&gt;.json mit den Labels ganzer Bilder; Rahmen und Umrisse werden ausgelassen.</translation>
    </message>
    <message>
        <source>another file of the archive is in its place</source>
        <translation>an seinem Platz ist eine andere Datei des Archivs</translation>
    </message>
    <message>
        <source>at least {percent}</source>
        <translation>mindestens {percent}</translation>
    </message>
    <message numerus="yes">
        <source>at work for {n} minute on one step</source>
        <comment>at work for {n} minutes on one step</comment>
        <translation>
            <numerusform>arbeitet seit {n} Minute an einem Schritt</numerusform>
            <numerusform>arbeitet seit {n} Minuten an einem Schritt</numerusform>
        </translation>
    </message>
    <message>
        <source>attention: multi-head attention alone. transformer: a whole transformer-encoder block, slower (the paper&apos;s Table 3).</source>
        <translation>Attention: nur Multi-Head-Attention. Transformer: ein ganzer Transformer-Encoder-Block, langsamer (Tabelle 3 des Papers).</translation>
    </message>
    <message>
        <source>base</source>
        <comment>role of a class</comment>
        <translation>Basis</translation>
    </message>
    <message>
        <source>before an update of the program</source>
        <translation>vor einem Update des Programms</translation>
    </message>
    <message>
        <source>before restore</source>
        <translation>vor dem Wiederherstellen</translation>
    </message>
    <message>
        <source>before training {accuracy}</source>
        <translation>vor dem Training {accuracy}</translation>
    </message>
    <message>
        <source>best epoch</source>
        <translation>beste Epoche</translation>
    </message>
    <message>
        <source>best epoch {best_epoch}</source>
        <translation>beste Epoche {best_epoch}</translation>
    </message>
    <message>
        <source>best so far: {n}</source>
        <translation>bisher beste: {n}</translation>
    </message>
    <message>
        <source>by 4-fold cross-validation</source>
        <translation>durch 4-fache Kreuzvalidierung</translation>
    </message>
    <message>
        <source>by leaving out shots, one of each class</source>
        <translation>durch Auslassen von Shots, je einem pro Klasse</translation>
    </message>
    <message>
        <source>changed on disk since it was imported; import it again to use the new picture</source>
        <translation>seit dem Import auf dem Datenträger geändert; importieren Sie die Datei erneut, um das neue Bild zu verwenden</translation>
    </message>
    <message>
        <source>claims of the head</source>
        <translation>Ansprüche des Kopfes</translation>
    </message>
    <message>
        <source>class &apos;{class_name}&apos;</source>
        <translation>Klasse „{class_name}“</translation>
    </message>
    <message>
        <source>cross-validation</source>
        <translation>Kreuzvalidierung</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>damaged</source>
        <comment>of a backup</comment>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>decoding its {scans:d} scans would take minutes</source>
        <translation>das Dekodieren der {scans:d} Scans würde Minuten dauern</translation>
    </message>
    <message>
        <source>decoding its {width:d} x {height:d} pixels would take {needed:,} MB of memory</source>
        <translation>das Dekodieren der {width:d} × {height:d} Pixel würde {needed:,}&#xa0;MB Arbeitsspeicher belegen</translation>
    </message>
    <message>
        <source>download</source>
        <comment>noun</comment>
        <translation>Download</translation>
    </message>
    <message>
        <source>drawn by the seed</source>
        <translation>vom Seed gezogen</translation>
    </message>
    <message>
        <source>empty file</source>
        <translation>leere Datei</translation>
    </message>
    <message>
        <source>energy</source>
        <translation>Energie</translation>
    </message>
    <message>
        <source>everything gets a name</source>
        <translation>alles bekommt einen Namen</translation>
    </message>
    <message>
        <source>example</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>exclusive: text and image tokens see only each other, as in the paper. additive: every token sees every other and the other modality gets a head start of 1, as in the authors&apos; released code; slower.</source>
        <translation>Exklusiv: Text- und Bild-Token sehen nur einander, wie im Paper. Additiv: Jedes Token sieht alle anderen, und die jeweils andere Modalität erhält einen Vorsprung von 1, wie im veröffentlichten Code der Autoren; langsamer.</translation>
    </message>
    <message>
        <source>factorised: two small layers, the parameter count the paper reports. single: one layer, as its text describes; more parameters. mlp: two layers with an activation between (the paper&apos;s Table 3).</source>
        <translation>Faktorisiert: zwei kleine Schichten mit der Parameterzahl, die das Paper angibt. Einschichtig: eine Schicht, wie sein Text sie beschreibt; mehr Parameter. MLP: zwei Schichten mit einer Aktivierung dazwischen (Tabelle 3 des Papers).</translation>
    </message>
    <message>
        <source>fewer than {shots} shots are too few for cross-validation</source>
        <translation>weniger als {shots} Shots reichen für eine Kreuzvalidierung nicht aus</translation>
    </message>
    <message>
        <source>group of {pictures}, proposed name: {name}</source>
        <translation>Gruppe, {pictures}, vorgeschlagener Name: {name}</translation>
    </message>
    <message>
        <source>half of the classes are held back in turn</source>
        <translation>die Hälfte der Klassen wird reihum zurückgehalten</translation>
    </message>
    <message numerus="yes">
        <source>has not answered for {n} minute</source>
        <comment>has not answered for {n} minutes</comment>
        <translation>
            <numerusform>antwortet seit {n} Minute nicht</numerusform>
            <numerusform>antwortet seit {n} Minuten nicht</numerusform>
        </translation>
    </message>
    <message>
        <source>held back in half of the fits</source>
        <translation>in der Hälfte der Durchgänge zurückgehalten</translation>
    </message>
    <message>
        <source>held-out</source>
        <translation>zurückgehaltene Bilder</translation>
    </message>
    <message>
        <source>in the column &apos;{column}&apos;</source>
        <translation>in der Spalte „{column}“</translation>
    </message>
    <message>
        <source>is {class_name}</source>
        <translation>zeigt {class_name}</translation>
    </message>
    <message>
        <source>it begins like a {format} picture but ends after {size:d} bytes</source>
        <translation>die Datei beginnt wie ein {format}-Bild, endet aber nach {size:d} Byte</translation>
    </message>
    <message>
        <source>it cannot be decoded ({decoder_error})</source>
        <translation>das Bild kann nicht dekodiert werden ({decoder_error})</translation>
    </message>
    <message>
        <source>it cannot be used, for a reason that this version does not know</source>
        <translation>die Datei kann nicht verwendet werden, aus einem Grund, den diese Version nicht kennt</translation>
    </message>
    <message>
        <source>it could not be read ({system_error})</source>
        <translation>die Datei konnte nicht gelesen werden ({system_error})</translation>
    </message>
    <message>
        <source>it has a document type, which XMP files do not have</source>
        <translation>die Datei hat einen Dokumenttyp, den es in XMP-Dateien nicht gibt</translation>
    </message>
    <message>
        <source>it has changed meanwhile</source>
        <translation>es hat sich inzwischen geändert</translation>
    </message>
    <message>
        <source>it has more than {limit:d} MB of EXIF data</source>
        <translation>die Datei hat mehr als {limit:d}&#xa0;MB EXIF-Daten</translation>
    </message>
    <message>
        <source>it has more than {limit:d} chunks</source>
        <translation>die Datei hat mehr als {limit:d} Chunks</translation>
    </message>
    <message>
        <source>it has more than {limit:d} megapixels</source>
        <translation>das Bild hat mehr als {limit:d} Megapixel</translation>
    </message>
    <message>
        <source>it has more than {limit:d} segments</source>
        <translation>die Datei hat mehr als {limit:d} Segmente</translation>
    </message>
    <message>
        <source>it has no data</source>
        <translation>keine Daten vorhanden</translation>
    </message>
    <message>
        <source>it has no linear visual projection to fine-tune</source>
        <translation>es hat keine lineare visuelle Projektion, die sich feinabstimmen ließe</translation>
    </message>
    <message>
        <source>it has no picture</source>
        <translation>es hat kein Bild</translation>
    </message>
    <message>
        <source>it has {found} dimensions, the backbone has {needed}</source>
        <translation>es hat {found} Dimensionen, das Backbone hat {needed}</translation>
    </message>
    <message>
        <source>it has {size:,} bytes, and such a file has at most {limit:,}</source>
        <translation>sie hat {size:,} Bytes, und eine solche Datei hat höchstens {limit:,}</translation>
    </message>
    <message>
        <source>it has {tags:d} tags; the limit is {limit:d}</source>
        <translation>die Datei hat {tags:d} Tags; die Grenze liegt bei {limit:d}</translation>
    </message>
    <message>
        <source>it holds megabytes of comments before its picture</source>
        <translation>vor dem Bild stehen mehrere Megabyte an Kommentaren</translation>
    </message>
    <message>
        <source>it holds nothing but zeros</source>
        <translation>die Datei enthält nur Nullen</translation>
    </message>
    <message>
        <source>it is a folder, not a file</source>
        <translation>es ist ein Ordner, keine Datei</translation>
    </message>
    <message>
        <source>it is a link</source>
        <translation>es ist eine Verknüpfung</translation>
    </message>
    <message>
        <source>it is a link or a device</source>
        <translation>es ist eine Verknüpfung oder ein Gerät</translation>
    </message>
    <message>
        <source>it is a link to another place</source>
        <translation>es ist eine Verknüpfung zu einem anderen Ort</translation>
    </message>
    <message>
        <source>it is a pipe or a device, not a file</source>
        <translation>es ist eine Pipe oder ein Gerät, keine Datei</translation>
    </message>
    <message>
        <source>it is damaged</source>
        <translation>es ist beschädigt</translation>
    </message>
    <message>
        <source>it is damaged (line {line})</source>
        <translation>die Datei ist beschädigt (Zeile {line})</translation>
    </message>
    <message>
        <source>it is damaged, or of a kind that is not known</source>
        <translation>sie ist beschädigt oder von unbekannter Art</translation>
    </message>
    <message>
        <source>it is kept in the project</source>
        <translation>das Bild liegt im Projekt selbst</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is not a file name with the number of a class</source>
        <translation>kein Dateiname mit der Nummer einer Klasse</translation>
    </message>
    <message>
        <source>it is not a row of labels</source>
        <translation>es ist keine Zeile mit Labels</translation>
    </message>
    <message>
        <source>it is not an XMP file</source>
        <translation>es ist keine XMP-Datei</translation>
    </message>
    <message>
        <source>it is not as this program writes it, because {strangeness}</source>
        <translation>entspricht nicht dem, was dieses Programm schreibt ({strangeness})</translation>
    </message>
    <message>
        <source>it is not in UTF-8</source>
        <translation>die Datei ist nicht in UTF-8 geschrieben</translation>
    </message>
    <message>
        <source>it is not in the archive</source>
        <translation>es ist nicht im Archiv</translation>
    </message>
    <message>
        <source>it is not labelme&apos;s: it has no flags</source>
        <translation>keine Datei von labelme: Flags fehlen</translation>
    </message>
    <message>
        <source>it is not named like a picture</source>
        <translation>keine Dateiendung eines Bildes</translation>
    </message>
    <message>
        <source>it is not the name of a picture with 1, 0 or -1</source>
        <translation>es ist nicht der Name eines Bildes mit 1, 0 oder -1</translation>
    </message>
    <message>
        <source>it is not valid JSON</source>
        <translation>kein gültiges JSON</translation>
    </message>
    <message>
        <source>it is written in an unusual way</source>
        <translation>die Datei ist auf ungewöhnliche Weise geschrieben</translation>
    </message>
    <message>
        <source>its JSON cannot be read</source>
        <translation>sein JSON ist nicht lesbar</translation>
    </message>
    <message>
        <source>its content is not that of a picture</source>
        <translation>der Inhalt ist kein Bild</translation>
    </message>
    <message>
        <source>its embeddings have fewer than 16 numbers</source>
        <translation>seine Embeddings haben weniger als 16 Werte</translation>
    </message>
    <message>
        <source>its header is filled up with padding</source>
        <translation>die Kopfdaten sind mit Füllbytes überladen</translation>
    </message>
    <message>
        <source>its header says {width:d} x {height:d} pixels</source>
        <translation>laut Kopfdaten hat das Bild {width:d} × {height:d} Pixel</translation>
    </message>
    <message>
        <source>its keywords are not a list</source>
        <translation>die Stichwörter darin sind keine Liste</translation>
    </message>
    <message>
        <source>its label is not written in UTF-8</source>
        <translation>sein Label ist nicht in UTF-8 geschrieben</translation>
    </message>
    <message>
        <source>its label is too long to be one</source>
        <translation>sein Label ist zu lang, um eines zu sein</translation>
    </message>
    <message>
        <source>its metadata was not kept</source>
        <translation>die Metadaten blieben nicht erhalten</translation>
    </message>
    <message>
        <source>its name cannot be a file&apos;s here</source>
        <translation>so kann hier keine Datei heißen</translation>
    </message>
    <message>
        <source>its name leads out of the archive</source>
        <translation>sein Name führt aus dem Archiv hinaus</translation>
    </message>
    <message>
        <source>its publisher</source>
        <translation>der Herausgeber</translation>
    </message>
    <message>
        <source>its tags say that they hold {size:,.0f} MB</source>
        <translation>die Tags enthalten nach eigener Angabe {size:,.0f}&#xa0;MB</translation>
    </message>
    <message>
        <source>its text encoder&apos;s configuration is not here either</source>
        <translation>auch die Konfiguration seines Text-Encoders ist nicht vorhanden</translation>
    </message>
    <message>
        <source>its tokenizer is not here either</source>
        <translation>auch sein Tokenizer ist nicht vorhanden</translation>
    </message>
    <message>
        <source>its {kind} {name!r} is not as it should be</source>
        <translation>{kind} {name!r} ist nicht wie vorgesehen</translation>
    </message>
    <message>
        <source>key {key}</source>
        <translation>Taste {key}</translation>
    </message>
    <message>
        <source>labelled by its folder</source>
        <translation>nach Ordner gelabelt</translation>
    </message>
    <message>
        <source>labelled by you</source>
        <translation>von Ihnen gelabelt</translation>
    </message>
    <message>
        <source>labelme flags</source>
        <translation>labelme-Flags</translation>
    </message>
    <message>
        <source>labels were taken back</source>
        <translation>Labels zurückgenommen</translation>
    </message>
    <message>
        <source>leave-one-out</source>
        <translation>Leave-one-out</translation>
    </message>
    <message>
        <source>letters</source>
        <translation>Buchstaben</translation>
    </message>
    <message>
        <source>line {line}</source>
        <translation>Zeile {line}</translation>
    </message>
    <message>
        <source>link loop</source>
        <translation>Verknüpfungsschleife</translation>
    </message>
    <message>
        <source>looks like {class_name}, {sure}</source>
        <translation>sieht nach {class_name} aus, {sure}</translation>
    </message>
    <message>
        <source>made again as pictures are shown</source>
        <translation>neu erzeugt, sobald Bilder angezeigt werden</translation>
    </message>
    <message>
        <source>made again when a command needs them</source>
        <translation>neu erzeugt, sobald ein Befehl sie braucht</translation>
    </message>
    <message>
        <source>made again when one is loaded</source>
        <translation>neu erzeugt, sobald eines geladen wird</translation>
    </message>
    <message>
        <source>made by a newer version of this program</source>
        <translation>von einer neueren Version dieses Programms</translation>
    </message>
    <message>
        <source>made by a version from before the first release</source>
        <translation>von einer Version aus der Zeit vor der ersten Veröffentlichung</translation>
    </message>
    <message>
        <source>max softmax</source>
        <translation>größtes Softmax</translation>
    </message>
    <message>
        <source>mlp: two layers with an activation between. linear: one layer (the paper&apos;s Table 3).</source>
        <translation>MLP: zwei Schichten mit einer Aktivierung dazwischen. Linear: eine Schicht (Tabelle 3 des Papers).</translation>
    </message>
    <message>
        <source>nearest neighbour</source>
        <translation>nächster Nachbar</translation>
    </message>
    <message>
        <source>nested too deeply, or with a number too long</source>
        <translation>zu tief verschachtelt oder mit einer zu langen Zahl</translation>
    </message>
    <message>
        <source>new</source>
        <comment>role of a class</comment>
        <translation>Neu</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no backup was made</source>
        <translation>es wurde keine Sicherung angelegt</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>keine Klasse</translation>
    </message>
    <message>
        <source>no class is marked; the picture was taken without a label</source>
        <translation>keine Klasse ist markiert; das Bild wurde ohne Label genommen</translation>
    </message>
    <message>
        <source>no download</source>
        <translation>kein Download</translation>
    </message>
    <message>
        <source>no labels: known by its name alone</source>
        <translation>ohne Labels: nur dem Namen nach bekannt</translation>
    </message>
    <message>
        <source>no network connection to the hub</source>
        <translation>keine Netzwerkverbindung zum Hub</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no questions</comment>
        <translation>keine</translation>
    </message>
    <message>
        <source>none</source>
        <comment>no columns</comment>
        <translation>keine</translation>
    </message>
    <message>
        <source>not an image</source>
        <translation>kein Bild</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>nicht installiert</translation>
    </message>
    <message>
        <source>not labelled, guess {class_name}, {sure}</source>
        <translation>nicht gelabelt, {class_name} vermutet, {sure}</translation>
    </message>
    <message>
        <source>not labelled, none of these: guess {class_name}, only {sure}</source>
        <translation>nicht gelabelt, „Keine davon“: {class_name} vermutet, nur {sure}</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>not measured, which takes four classes</source>
        <translation>nicht gemessen, dazu braucht es vier Klassen</translation>
    </message>
    <message>
        <source>not understood</source>
        <translation>nicht verstanden</translation>
    </message>
    <message>
        <source>nothing was restored or changed</source>
        <translation>es wurde nichts wiederhergestellt oder geändert</translation>
    </message>
    <message>
        <source>of a size the hub would tell</source>
        <translation>Größe nur dem Hub bekannt</translation>
    </message>
    <message>
        <source>of other pictures right</source>
        <translation>anderer Bilder richtig</translation>
    </message>
    <message>
        <source>of pictures like these right</source>
        <translation>solcher Bilder richtig</translation>
    </message>
    <message>
        <source>of pictures right</source>
        <translation>der Bilder richtig</translation>
    </message>
    <message numerus="yes">
        <source>of {n:,} picture right</source>
        <comment>of {n:,} pictures right</comment>
        <translation>
            <numerusform>von {n:,} Bild richtig</numerusform>
            <numerusform>von {n:,} Bildern richtig</numerusform>
        </translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Computer</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>einer der Werte {choices}</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>other classes or another choice of None of these</source>
        <translation>andere Klassen oder eine andere Wahl für „Keine davon“</translation>
    </message>
    <message numerus="yes">
        <source>perhaps no more pictures of it: the nearest one is None of these</source>
        <comment>perhaps no more pictures of it: the {n} nearest are None of these</comment>
        <translation>
            <numerusform>vielleicht gibt es keine weiteren Bilder davon: Das nächste ist Keine davon</numerusform>
            <numerusform>vielleicht gibt es keine weiteren Bilder davon: Die {n} nächsten sind Keine davon</numerusform>
        </translation>
    </message>
    <message>
        <source>please check: {text}</source>
        <translation>bitte prüfen: {text}</translation>
    </message>
    <message>
        <source>read as {text}</source>
        <translation>liest: {text}</translation>
    </message>
    <message>
        <source>see its publisher</source>
        <translation>Lizenz: siehe Herausgeber</translation>
    </message>
    <message>
        <source>seen with {backbone}</source>
        <translation>gesehen mit {backbone}</translation>
    </message>
    <message>
        <source>settings and recent projects</source>
        <translation>Einstellungen und zuletzt geöffnete Projekte</translation>
    </message>
    <message>
        <source>shows none of your classes</source>
        <translation>zeigt keine Ihrer Klassen</translation>
    </message>
    <message>
        <source>small copies of pictures and other caches</source>
        <translation>kleine Kopien von Bildern und andere Caches</translation>
    </message>
    <message>
        <source>taken out</source>
        <translation>herausgenommen</translation>
    </message>
    <message>
        <source>task {number}</source>
        <translation>Task {number}</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>the confidence &apos;{confidence}&apos; is not a number from 0 to 1</source>
        <translation>die Konfidenz „{confidence}“ ist keine Zahl von 0 bis 1</translation>
    </message>
    <message>
        <source>the embedding size must be a multiple of {divisor}, not {size}</source>
        <translation>die Embedding-Größe muss ein Vielfaches von {divisor} sein, nicht {size}</translation>
    </message>
    <message>
        <source>the figures of a training are of another kind</source>
        <translation>Messwerte eines Trainings sind von anderer Art</translation>
    </message>
    <message>
        <source>the file ends before the picture does</source>
        <translation>die Datei endet, bevor das Bild vollständig ist</translation>
    </message>
    <message>
        <source>the file has {size:,.0f} MB; the limit is {limit:d} MB</source>
        <translation>die Datei hat {size:,.0f}&#xa0;MB; die Grenze liegt bei {limit:d}&#xa0;MB</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <source>the file is not there any more</source>
        <translation>die Datei ist nicht mehr vorhanden</translation>
    </message>
    <message>
        <source>the file is still growing and too large to read</source>
        <translation>die Datei wächst noch und ist zu groß zum Lesen</translation>
    </message>
    <message>
        <source>the file&apos;s own</source>
        <translation>Lizenz der Datei</translation>
    </message>
    <message>
        <source>the first {rows} below</source>
        <translation>die ersten {rows} unten</translation>
    </message>
    <message>
        <source>the header of this {format} picture is damaged</source>
        <translation>die Kopfdaten dieses {format}-Bilds sind beschädigt</translation>
    </message>
    <message>
        <source>the hub has no such file</source>
        <translation>der Hub hat keine solche Datei</translation>
    </message>
    <message>
        <source>the hub is switched off by HF_HUB_OFFLINE</source>
        <translation>der Hub ist durch HF_HUB_OFFLINE abgeschaltet</translation>
    </message>
    <message>
        <source>the link leads back to a folder above it</source>
        <translation>die Verknüpfung führt in einen übergeordneten Ordner zurück</translation>
    </message>
    <message>
        <source>the link leads back to itself</source>
        <translation>die Verknüpfung führt zu sich selbst zurück</translation>
    </message>
    <message>
        <source>the link points to a file that is not there</source>
        <translation>die Verknüpfung zeigt auf eine Datei, die es nicht gibt</translation>
    </message>
    <message>
        <source>the log</source>
        <translation>das Protokoll</translation>
    </message>
    <message>
        <source>the model reads &apos;{text}&apos; for &apos;{class_name}&apos;, not &apos;{other_text}&apos; as well</source>
        <translation>das Modell liest „{text}“ für „{class_name}“ und nicht auch „{other_text}“</translation>
    </message>
    <message>
        <source>the numbers of its rows would run out</source>
        <translation>die Nummern für neue Zeilen wären aufgebraucht</translation>
    </message>
    <message>
        <source>the picture is too large</source>
        <translation>das Bild ist zu groß</translation>
    </message>
    <message>
        <source>the settings of a training are of another kind</source>
        <translation>Einstellungen eines Trainings sind von anderer Art</translation>
    </message>
    <message>
        <source>the size of its text encoder&apos;s token embeddings is not known</source>
        <translation>die Größe der Token-Embeddings seines Text-Encoders ist nicht bekannt</translation>
    </message>
    <message>
        <source>the values of the setting {name} are of another kind</source>
        <translation>Werte der Einstellung {name} sind von anderer Art</translation>
    </message>
    <message>
        <source>there is no category {number}; the picture was taken without it</source>
        <translation>es gibt keine Kategorie {number}; das Bild wurde ohne sie genommen</translation>
    </message>
    <message>
        <source>there is no file_name</source>
        <translation>file_name fehlt</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>diese Datei gibt es nicht</translation>
    </message>
    <message>
        <source>there is not enough memory to decode it</source>
        <translation>der Arbeitsspeicher reicht nicht aus, um das Bild zu dekodieren</translation>
    </message>
    <message>
        <source>this change may not have been saved</source>
        <translation>diese Änderung wurde womöglich nicht gespeichert</translation>
    </message>
    <message>
        <source>this change was not saved</source>
        <translation>diese Änderung wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>this is a folder</source>
        <translation>das ist ein Ordner</translation>
    </message>
    <message>
        <source>this is a folder, not a picture</source>
        <translation>das ist ein Ordner, kein Bild</translation>
    </message>
    <message>
        <source>this is a pipe, a socket or a device, not a file</source>
        <translation>das ist eine Pipe, ein Socket oder ein Gerät, keine Datei</translation>
    </message>
    <message>
        <source>this is a pipe, a socket or a device, not a picture file</source>
        <translation>das ist eine Pipe, ein Socket oder ein Gerät, keine Bilddatei</translation>
    </message>
    <message>
        <source>this is a project; open it, its pictures lie elsewhere</source>
        <translation>das ist ein Projekt; öffnen Sie es, seine Bilder liegen anderswo</translation>
    </message>
    <message>
        <source>this is an address, not a file; download the picture and give its path</source>
        <translation>das ist eine Adresse, keine Datei; laden Sie das Bild herunter und geben Sie dessen Pfad an</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>angehakt</translation>
    </message>
    <message>
        <source>to leave out a shot takes two pictures of a class</source>
        <translation>um einen Shot auszulassen, braucht eine Klasse zwei Bilder</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>zu groß</translation>
    </message>
    <message>
        <source>true \ predicted</source>
        <translation>wahr \ vorhergesagt</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>truncated</source>
        <translation>unvollständig</translation>
    </message>
    <message>
        <source>under 1 s</source>
        <translation>unter 1&#xa0;s</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>unsupported format</source>
        <translation>Format nicht unterstützt</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>vanished</source>
        <translation>verschwunden</translation>
    </message>
    <message>
        <source>what arrived is not the file that the hub names; it was not kept</source>
        <translation>die empfangene Datei ist nicht die, die der Hub angibt; sie wurde verworfen</translation>
    </message>
    <message>
        <source>with the head</source>
        <translation>mit dem Kopf</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>you have no permission to read it</source>
        <translation>Ihnen fehlt die Leseberechtigung</translation>
    </message>
    <message>
        <source>zebra, teapot</source>
        <translation>Zebra, Teekanne</translation>
    </message>
    <message>
        <source>zero-shot</source>
        <translation>Zero-Shot</translation>
    </message>
    <message>
        <source>zero-shot {percent}</source>
        <translation>Zero-Shot {percent}</translation>
    </message>
    <message>
        <source>{accuracy} of pictures right</source>
        <translation>{accuracy} der Bilder richtig</translation>
    </message>
    <message numerus="yes">
        <source>{accuracy} of pictures right, learned from {n} label</source>
        <comment>{accuracy} of pictures right, learned from {n} labels</comment>
        <translation>
            <numerusform>{accuracy} der Bilder richtig, gelernt aus {n} Label</numerusform>
            <numerusform>{accuracy} der Bilder richtig, gelernt aus {n} Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>{accuracy} right</source>
        <translation>{accuracy} richtig</translation>
    </message>
    <message>
        <source>{accuracy} right on other pictures, where it was trained.</source>
        <translation>{accuracy} richtig auf anderen Bildern, dort, wo es trainiert wurde.</translation>
    </message>
    <message numerus="yes">
        <source>{accuracy} right, measured on {n} label.</source>
        <comment>{accuracy} right, measured on {n} labels.</comment>
        <translation>
            <numerusform>{accuracy} richtig, gemessen an {n} Label.</numerusform>
            <numerusform>{accuracy} richtig, gemessen an {n} Labels.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{accuracy}, {n} label</source>
        <comment>{accuracy}, {n} labels</comment>
        <translation>
            <numerusform>{accuracy}, {n} Label</numerusform>
            <numerusform>{accuracy}, {n} Labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{at} of {n} group</source>
        <comment>{at} of {n} groups</comment>
        <translation>
            <numerusform>{at} von {n} Gruppe</numerusform>
            <numerusform>{at} von {n} Gruppen</numerusform>
        </translation>
    </message>
    <message>
        <source>{base} base, {new} new</source>
        <translation>{base} Basis, {new} neu</translation>
    </message>
    <message>
        <source>{class_name}: no words to go by</source>
        <translation>{class_name}: kein Wort, an das sich das Modell halten kann</translation>
    </message>
    <message>
        <source>{classes}, {shots} each: {pictures}</source>
        <translation>{classes}, je {shots}: {pictures}</translation>
    </message>
    <message numerus="yes">
        <source>{classes}: fewer than {n} shot (&apos;{fewest}&apos; has {have}).</source>
        <comment>{classes}: fewer than {n} shots (&apos;{fewest}&apos; has {have}).</comment>
        <translation>
            <numerusform>{classes}: weniger als {n} Shot („{fewest}“ hat {have}).</numerusform>
            <numerusform>{classes}: weniger als {n} Shots („{fewest}“ hat {have}).</numerusform>
        </translation>
    </message>
    <message>
        <source>{classes}: fewer than {shots} shots (&apos;{fewest}&apos; has {have}). They are trained on all that they have.</source>
        <translation>{classes}: weniger als {shots} Shots („{fewest}“ hat {have}). Sie werden mit allen trainiert, die sie haben.</translation>
    </message>
    <message numerus="yes">
        <source>{classes}: no labelled image. Add {images}, delete the class, or make it name only.</source>
        <comment>{classes}: no labelled image. Add {images} for each, delete these classes, or make them name only.</comment>
        <translation>
            <numerusform>{classes}: kein gelabeltes Bild. Fügen Sie {images} hinzu, löschen Sie die Klasse, oder stellen Sie sie auf „Nur Name“.</numerusform>
            <numerusform>{classes}: kein gelabeltes Bild. Fügen Sie jeweils {images} hinzu, löschen Sie diese Klassen, oder stellen Sie sie auf „Nur Name“.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{classes}: on {n} left-out picture the two cannot be told apart ({low} to {high} points).</source>
        <comment>{classes}: on {n} left-out pictures the two cannot be told apart ({low} to {high} points).</comment>
        <translation>
            <numerusform>{classes}: Bei {n} zurückgehaltenen Bild lassen sich die beiden nicht unterscheiden ({low} bis {high} Punkte).</numerusform>
            <numerusform>{classes}: Bei {n} zurückgehaltenen Bildern lassen sich die beiden nicht unterscheiden ({low} bis {high} Punkte).</numerusform>
        </translation>
    </message>
    <message>
        <source>{classes}: one label. Label one picture more, so that one can be left out.</source>
        <translation>{classes}: ein beschriftetes Bild. Beschriften Sie noch eines, damit eines ausgelassen werden kann.</translation>
    </message>
    <message>
        <source>{classes}: too few labelled images are left for testing, and {reason}. Accuracy on trained classes cannot be measured.</source>
        <translation>{classes}: Es bleiben zu wenige gelabelte Bilder zum Testen übrig, und {reason}. Die Genauigkeit auf trainierten Klassen kann nicht gemessen werden.</translation>
    </message>
    <message>
        <source>{classes}: too few labelled images are left for testing, so accuracy on trained classes is estimated {how}. Some more labelled images in each class give a direct measure.</source>
        <translation>{classes}: Es bleiben zu wenige gelabelte Bilder zum Testen übrig, daher wird die Genauigkeit auf trainierten Klassen {how} geschätzt. Mit einigen weiteren gelabelten Bildern je Klasse lässt sie sich direkt messen.</translation>
    </message>
    <message numerus="yes">
        <source>{classes}: {method} is right {points} points oftener on {n} left-out picture ({low} to {high}).</source>
        <comment>{classes}: {method} is right {points} points oftener on {n} left-out pictures ({low} to {high}).</comment>
        <translation>
            <numerusform>{classes}: {method} liegt bei {n} zurückgehaltenen Bild um {points} Punkte öfter richtig ({low} bis {high}).</numerusform>
            <numerusform>{classes}: {method} liegt bei {n} zurückgehaltenen Bildern um {points} Punkte öfter richtig ({low} bis {high}).</numerusform>
        </translation>
    </message>
    <message>
        <source>{count:,} labelled</source>
        <translation>{count:,} gelabelt</translation>
    </message>
    <message>
        <source>{count:,} of them look alike.</source>
        <translation>{count:,} davon ähneln sich.</translation>
    </message>
    <message>
        <source>{count:,} of them look alike: {name}?</source>
        <translation>{count:,} davon ähneln sich: {name}?</translation>
    </message>
    <message numerus="yes">
        <source>{count:,} of {n} picture</source>
        <comment>{count:,} of {n} pictures</comment>
        <translation>
            <numerusform>{count:,} von {n} Bild</numerusform>
            <numerusform>{count:,} von {n} Bildern</numerusform>
        </translation>
    </message>
    <message>
        <source>{count:,} with a problem</source>
        <translation>{count:,} mit Problemen</translation>
    </message>
    <message>
        <source>{count_sentence} Pictures stay where they are and are never changed.</source>
        <translation>{count_sentence} Bilder bleiben, wo sie sind, und werden nie geändert.</translation>
    </message>
    <message>
        <source>{count} classes need labels; these {shown} need them most.</source>
        <translation>{count} Klassen brauchen Labels, diese {shown} am dringendsten.</translation>
    </message>
    <message>
        <source>{day} {month} {time}</source>
        <translation>{day}. {month} {time}</translation>
    </message>
    <message>
        <source>{dimensions} dimensions · {licence} · {size}</source>
        <translation>{dimensions} Dimensionen · {licence} · {size}</translation>
    </message>
    <message>
        <source>{done:,} of {total:,}</source>
        <translation>{done:,} von {total:,}</translation>
    </message>
    <message>
        <source>{done:,} so far</source>
        <translation>bisher {done:,}</translation>
    </message>
    <message numerus="yes">
        <source>{done}, {n} had it already</source>
        <comment>{done}, {n} had it already</comment>
        <translation>
            <numerusform>{done}, {n} hatte es schon</numerusform>
            <numerusform>{done}, {n} hatten es schon</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{examples} and {n} more</source>
        <comment>{examples} and {n} more</comment>
        <translation>
            <numerusform>{examples} und {n} weiteres</numerusform>
            <numerusform>{examples} und {n} weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>{fewest} to {most} shots</source>
        <translation>{fewest} bis {most} Shots</translation>
    </message>
    <message>
        <source>{files} will be imported.</source>
        <translation>Importiert wird dann {files}.</translation>
    </message>
    <message>
        <source>{file} already exists. Choose another name.</source>
        <translation>{file} gibt es schon. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{file} has another size than its header says</source>
        <translation>{file} hat eine andere Größe, als die Kopfdaten angeben</translation>
    </message>
    <message>
        <source>{file} has no column named like one of labels. It has {columns}. Choose the one with the label.</source>
        <translation>{file} hat keine Spalte, die wie eine mit Labels heißt. Es gibt {columns}. Wählen Sie die mit dem Label.</translation>
    </message>
    <message numerus="yes">
        <source>{file} has the features of {n} picture for training, {validation:,} for validation, {testing:,} for testing and {unlabelled:,} without a label.</source>
        <comment>{file} has the features of {n} pictures for training, {validation:,} for validation, {testing:,} for testing and {unlabelled:,} without a label.</comment>
        <translation>
            <numerusform>{file} enthält die Merkmale von {n} Bild zum Trainieren, {validation:,} zur Validierung, {testing:,} zum Testen und {unlabelled:,} ohne Label.</numerusform>
            <numerusform>{file} enthält die Merkmale von {n} Bildern zum Trainieren, {validation:,} zur Validierung, {testing:,} zum Testen und {unlabelled:,} ohne Label.</numerusform>
        </translation>
    </message>
    <message>
        <source>{file} is as it was</source>
        <translation>{file} ist unverändert</translation>
    </message>
    <message>
        <source>{file} is not in UTF-8; it was read as Windows-1252, in which spreadsheets save CSV. If letters are wrong, save it as UTF-8 (in a spreadsheet: &apos;CSV UTF-8&apos;).</source>
        <translation>{file} ist nicht in UTF-8 und wurde als Windows-1252 gelesen, wie Tabellenkalkulationen CSV speichern. Wenn Buchstaben falsch sind, speichern Sie die Datei als UTF-8 (in einer Tabellenkalkulation: „CSV UTF-8“).</translation>
    </message>
    <message numerus="yes">
        <source>{file} is shown first. The other {n} item was not taken: drop it again afterwards.</source>
        <comment>{file} is shown first. The other {n} items were not taken: drop them again afterwards.</comment>
        <translation>
            <numerusform>{file} wird zuerst gezeigt. {n} weiteres Element wurde nicht übernommen: Ziehen Sie es danach noch einmal herein.</numerusform>
            <numerusform>{file} wird zuerst gezeigt. {n} weitere Elemente wurden nicht übernommen: Ziehen Sie sie danach noch einmal herein.</numerusform>
        </translation>
    </message>
    <message>
        <source>{file} lists these pictures and is not used: which of its columns has the label is not clear ({columns}).</source>
        <translation>{file} führt diese Bilder auf, wird aber nicht verwendet: Es ist nicht klar, welche Spalte das Label enthält ({columns}).</translation>
    </message>
    <message>
        <source>{file}, line {line}</source>
        <translation>{file}, Zeile {line}</translation>
    </message>
    <message>
        <source>{file}, picture {number}</source>
        <translation>{file}, Bild {number}</translation>
    </message>
    <message>
        <source>{file}, row {row}</source>
        <translation>{file}, Zeile {row}</translation>
    </message>
    <message>
        <source>{findings}. Labels and what was learned are kept.</source>
        <translation>{findings}. Labels und Gelerntes bleiben erhalten.</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} und {second}</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first} oder {second}</translation>
    </message>
    <message>
        <source>{folder} belongs to the project itself. Choose another folder.</source>
        <translation>{folder} gehört zum Projekt selbst. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to, so the pictures are unpacked beside the project when they are imported.</source>
        <translation>In {folder} kann nicht geschrieben werden, daher werden die Bilder beim Importieren neben das Projekt entpackt.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to. Change its permissions, or copy the project elsewhere.</source>
        <translation>In {folder} darf nicht geschrieben werden. Ändern Sie die Zugriffsrechte oder kopieren Sie das Projekt an einen anderen Ort.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to. Choose another folder, or change its permissions.</source>
        <translation>In {folder} kann nicht geschrieben werden. Wählen Sie einen anderen Ordner oder ändern Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>{folder} is already watched.</source>
        <translation>{folder} wird schon überwacht.</translation>
    </message>
    <message>
        <source>{folder} is back and watched again.</source>
        <translation>{folder} ist wieder da und wird wieder überwacht.</translation>
    </message>
    <message>
        <source>{folder} is not a project. Choose a folder whose name ends in {suffix}.</source>
        <translation>{folder} ist kein Projekt. Wählen Sie einen Ordner, dessen Name auf {suffix} endet.</translation>
    </message>
    <message>
        <source>{folder} is not there (any more). Choose another folder, or plug its drive in.</source>
        <translation>{folder} ist nicht (mehr) vorhanden. Wählen Sie einen anderen Ordner oder schließen Sie das Laufwerk an.</translation>
    </message>
    <message>
        <source>{folder} is not there any more, or cannot be opened; {lost}. Plug its drive in or put the folder back, then open the project again.</source>
        <translation>{folder} ist nicht mehr da oder lässt sich nicht öffnen; {lost}. Schließen Sie das Laufwerk an oder legen Sie den Ordner zurück und öffnen Sie dann das Projekt noch einmal.</translation>
    </message>
    <message>
        <source>{folder} is not there any more. Press Delete to forget it.</source>
        <translation>{folder} ist nicht mehr vorhanden. Mit Entf nehmen Sie den Eintrag aus der Liste.</translation>
    </message>
    <message>
        <source>{folder} is not there. It is watched again when it is back.</source>
        <translation>{folder} ist nicht vorhanden. Sobald der Ordner wieder da ist, wird er wieder überwacht.</translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} image of &apos;{class_name}&apos; ({share}) was recognised.</source>
        <comment>{found:,} of {n} images of &apos;{class_name}&apos; ({share}) were recognised.</comment>
        <translation>
            <numerusform>{found:,} von {n} Bild der Klasse „{class_name}“ ({share}) richtig erkannt.</numerusform>
            <numerusform>{found:,} von {n} Bildern der Klasse „{class_name}“ ({share}) richtig erkannt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} image of &apos;{class_name}&apos; ({share}) was taken for &apos;{other_class}&apos;.</source>
        <comment>{found:,} of {n} images of &apos;{class_name}&apos; ({share}) were taken for &apos;{other_class}&apos;.</comment>
        <translation>
            <numerusform>{found:,} von {n} Bild der Klasse „{class_name}“ ({share}) für „{other_class}“ gehalten.</numerusform>
            <numerusform>{found:,} von {n} Bildern der Klasse „{class_name}“ ({share}) für „{other_class}“ gehalten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} picture found again</source>
        <comment>{found:,} of {n} pictures found again</comment>
        <translation>
            <numerusform>{found:,} von {n} Bild wiedergefunden</numerusform>
            <numerusform>{found:,} von {n} Bildern wiedergefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>{from_names}, accuracy not known yet</source>
        <translation>{from_names}, Genauigkeit noch nicht bekannt</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}&#xa0;h {minutes}&#xa0;min</translation>
    </message>
    <message>
        <source>{images}, 95% interval {interval}</source>
        <translation>{images}, 95-%-Intervall {interval}</translation>
    </message>
    <message>
        <source>{job} cannot be paused now, only stopped</source>
        <translation>„{job}“ lässt sich jetzt nicht pausieren, nur stoppen</translation>
    </message>
    <message>
        <source>{job} failed: {error}. The log has the details.</source>
        <translation>„{job}“ ist fehlgeschlagen: {error}. Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>{job}: done.</source>
        <translation>{job}: fertig.</translation>
    </message>
    <message>
        <source>{job}: failed.</source>
        <translation>{job}: fehlgeschlagen.</translation>
    </message>
    <message>
        <source>{key} has another meaning in the grid. Press another key.</source>
        <translation>{key} hat im Raster eine andere Bedeutung. Drücken Sie eine andere Taste.</translation>
    </message>
    <message>
        <source>{key} is the key of &apos;{class_name}&apos;. Press another key, or free it there.</source>
        <translation>{key} ist die Taste von „{class_name}“. Drücken Sie eine andere Taste, oder geben Sie diese dort frei.</translation>
    </message>
    <message>
        <source>{kind} files</source>
        <translation>{kind}-Dateien</translation>
    </message>
    <message>
        <source>{labelled} taken for {predicted}</source>
        <translation>{labelled} für {predicted} gehalten</translation>
    </message>
    <message>
        <source>{labels}: {accuracy} right, {before} before training.</source>
        <translation>{labels}: {accuracy} richtig, vor dem Training {before}.</translation>
    </message>
    <message numerus="yes">
        <source>{letter}, {n} shot: {value}</source>
        <comment>{letter}, {n} shots: {value}</comment>
        <translation>
            <numerusform>{letter}, {n} Shot: {value}</numerusform>
            <numerusform>{letter}, {n} Shots: {value}</numerusform>
        </translation>
    </message>
    <message>
        <source>{letter}, {share} unknown pictures: {value}</source>
        <translation>{letter}, {share} fremde Bilder: {value}</translation>
    </message>
    <message>
        <source>{low:.1f} to {high:.1f}</source>
        <translation>{low:.1f} bis {high:.1f}</translation>
    </message>
    <message>
        <source>{low} to {percent}</source>
        <translation>{low} bis {percent}</translation>
    </message>
    <message>
        <source>{low} to {percent} sure: {right} right, {interval}.</source>
        <translation>{low} bis {percent} sicher: {right} richtig, {interval}.</translation>
    </message>
    <message>
        <source>{method} is the model of this project now.</source>
        <translation>{method} ist jetzt das Modell dieses Projekts.</translation>
    </message>
    <message>
        <source>{method} is trained</source>
        <translation>{method} ist trainiert</translation>
    </message>
    <message>
        <source>{method} is training</source>
        <translation>{method} wird trainiert</translation>
    </message>
    <message>
        <source>{method} learns in front of the text encoder, and there are only cached features here.</source>
        <translation>{method} lernt vor dem Text-Encoder, hier gibt es aber nur Merkmale aus dem Cache.</translation>
    </message>
    <message>
        <source>{method} needs the features before the visual projection, which are not here.</source>
        <translation>{method} braucht die Merkmale vor der visuellen Projektion, die hier fehlen.</translation>
    </message>
    <message>
        <source>{method}, better</source>
        <translation>{method}, besser</translation>
    </message>
    <message>
        <source>{method}, training</source>
        <translation>{method}, trainiert gerade</translation>
    </message>
    <message>
        <source>{method}: base {base}, new {new}</source>
        <translation>{method}: Basis {base}, Neu {new}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes}&#xa0;min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes}&#xa0;min {seconds}&#xa0;s</translation>
    </message>
    <message>
        <source>{model} (your own weights file)</source>
        <translation>{model} (eigene Gewichtsdatei)</translation>
    </message>
    <message numerus="yes">
        <source>{n:,} new picture</source>
        <comment>{n:,} new pictures</comment>
        <translation>
            <numerusform>{n:,} neues Bild</numerusform>
            <numerusform>{n:,} neue Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n:,} picture accepted</source>
        <comment>{n:,} pictures accepted</comment>
        <translation>
            <numerusform>{n:,} Bild übernommen</numerusform>
            <numerusform>{n:,} Bilder übernommen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n:,} picture fewer</source>
        <comment>{n:,} pictures fewer</comment>
        <translation>
            <numerusform>{n:,} Bild weniger</numerusform>
            <numerusform>{n:,} Bilder weniger</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n:,} picture labelled by hand</source>
        <comment>{n:,} pictures labelled by hand</comment>
        <translation>
            <numerusform>{n:,} Bild von Hand gelabelt</numerusform>
            <numerusform>{n:,} Bilder von Hand gelabelt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n:,} picture, about {right:,} right ({low:,} to {high:,})</source>
        <comment>{n:,} pictures, about {right:,} right ({low:,} to {high:,})</comment>
        <translation>
            <numerusform>{n:,} Bild, etwa {right:,} richtig ({low:,} bis {high:,})</numerusform>
            <numerusform>{n:,} Bilder, etwa {right:,} richtig ({low:,} bis {high:,})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} and {n} more</source>
        <comment>{names} and {n} more</comment>
        <translation>
            <numerusform>{names} und {n} weitere</numerusform>
            <numerusform>{names} und {n} weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} is no class here: its pictures count as None of these.</source>
        <comment>{names} are no classes here: their pictures count as None of these.</comment>
        <translation>
            <numerusform>{names} ist hier keine Klasse: Die Bilder zählen als „Keine davon“.</numerusform>
            <numerusform>{names} sind hier keine Klassen: Die Bilder zählen als „Keine davon“.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} (in use)</source>
        <translation>{name} (in Verwendung)</translation>
    </message>
    <message>
        <source>{name} (missing)</source>
        <translation>{name} (fehlt)</translation>
    </message>
    <message>
        <source>{none_of_these}: {class_name} is the best guess, but at {confidence} too unsure.</source>
        <translation>{none_of_these}: Am wahrscheinlichsten ist {class_name}, mit {confidence} aber zu unsicher.</translation>
    </message>
    <message numerus="yes">
        <source>{n} accepted suggestion does not count.</source>
        <comment>{n} accepted suggestions do not count.</comment>
        <translation>
            <numerusform>{n} übernommener Vorschlag zählt nicht.</numerusform>
            <numerusform>{n} übernommene Vorschläge zählen nicht.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} already here</source>
        <comment>{n} already here</comment>
        <translation>
            <numerusform>{n} schon vorhanden</numerusform>
            <numerusform>{n} schon vorhanden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} box or outline of an object is left out: it labels no picture.</source>
        <comment>{n} boxes or outlines of objects are left out: they label no picture.</comment>
        <translation>
            <numerusform>{n} Rahmen oder Umriss eines Objekts ist ausgelassen: Er gibt keinem Bild ein Label.</numerusform>
            <numerusform>{n} Rahmen oder Umrisse von Objekten sind ausgelassen: Sie geben keinem Bild ein Label.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} class</source>
        <comment>{n} classes</comment>
        <translation>
            <numerusform>{n} Klasse</numerusform>
            <numerusform>{n} Klassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} class folder found</source>
        <comment>{n} class folders found</comment>
        <translation>
            <numerusform>{n} Klassenordner gefunden</numerusform>
            <numerusform>{n} Klassenordner gefunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} could not be looked at</source>
        <comment>{n} could not be looked at</comment>
        <translation>
            <numerusform>{n} ließ sich nicht prüfen</numerusform>
            <numerusform>{n} ließen sich nicht prüfen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} document</source>
        <comment>{n} documents</comment>
        <translation>
            <numerusform>{n} Dokument</numerusform>
            <numerusform>{n} Dokumente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} duplicate (same bytes)</source>
        <comment>{n} duplicates (same bytes)</comment>
        <translation>
            <numerusform>{n} Duplikat (identische Datei)</numerusform>
            <numerusform>{n} Duplikate (identische Dateien)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} example</source>
        <comment>{n} examples</comment>
        <translation>
            <numerusform>{n} Beispiel</numerusform>
            <numerusform>{n} Beispiele</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} example of {classes}</source>
        <comment>{n} examples of {classes}</comment>
        <translation>
            <numerusform>{n} Beispiel für {classes}</numerusform>
            <numerusform>{n} Beispiele für {classes}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} file with a problem is left out.</source>
        <comment>{n} files with a problem are left out.</comment>
        <translation>
            <numerusform>{n} Datei mit einem Problem wurde ausgelassen.</numerusform>
            <numerusform>{n} Dateien mit einem Problem wurden ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} film</source>
        <comment>{n} films</comment>
        <translation>
            <numerusform>{n} Video</numerusform>
            <numerusform>{n} Videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} group was left for later: Find &gt; Groups shows it again.</source>
        <comment>{n} groups were left for later: Find &gt; Groups shows them again.</comment>
        <translation>
            <numerusform>{n} Gruppe wurde für später zurückgelegt: Suchen &gt; Gruppen zeigt sie wieder.</numerusform>
            <numerusform>{n} Gruppen wurden für später zurückgelegt: Suchen &gt; Gruppen zeigt sie wieder.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} has moved: sort again</source>
        <comment>{n} have moved: sort again</comment>
        <translation>
            <numerusform>{n} ist verschoben: neu sortieren</numerusform>
            <numerusform>{n} sind verschoben: neu sortieren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} head does not divide {width}, a quarter of the embedding size</source>
        <comment>{n} heads do not divide {width}, a quarter of the embedding size</comment>
        <translation>
            <numerusform>ein Viertel der Embedding-Größe ({width}) lässt sich nicht auf {n} Attention-Kopf aufteilen</numerusform>
            <numerusform>ein Viertel der Embedding-Größe ({width}) lässt sich nicht auf {n} Attention-Köpfe aufteilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} is left out, as its file is missing or was changed.</source>
        <comment>{n} are left out, as their files are missing or were changed.</comment>
        <translation>
            <numerusform>{n} bleibt außen vor, weil die Datei fehlt oder geändert wurde.</numerusform>
            <numerusform>{n} bleiben außen vor, weil ihre Dateien fehlen oder geändert wurden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} is still to be looked at.</source>
        <comment>{n} are still to be looked at.</comment>
        <translation>
            <numerusform>{n} ist noch anzusehen.</numerusform>
            <numerusform>{n} sind noch anzusehen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} is wrong, the others are right</source>
        <comment>{n} are wrong, the others are right</comment>
        <translation>
            <numerusform>{n} ist falsch, die anderen sind richtig</numerusform>
            <numerusform>{n} sind falsch, die anderen sind richtig</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label</source>
        <comment>{n} labels</comment>
        <translation>
            <numerusform>{n} Label</numerusform>
            <numerusform>{n} Labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label that looks wrong, the surest first</source>
        <comment>{n} labels that look wrong, the surest first</comment>
        <translation>
            <numerusform>{n} verdächtiges Label, das sicherste zuerst</numerusform>
            <numerusform>{n} verdächtige Labels, die sichersten zuerst</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled</source>
        <comment>{n} labelled</comment>
        <translation>
            <numerusform>{n} gelabelt</numerusform>
            <numerusform>{n} gelabelt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled from folder names</source>
        <comment>{n} labelled from folder names</comment>
        <translation>
            <numerusform>{n} nach Ordnernamen gelabelt</numerusform>
            <numerusform>{n} nach Ordnernamen gelabelt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled from {origin}</source>
        <comment>{n} labelled from {origin}</comment>
        <translation>
            <numerusform>{n} gelabelt (aus {origin})</numerusform>
            <numerusform>{n} gelabelt (aus {origin})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled image</source>
        <comment>{n} labelled images</comment>
        <translation>
            <numerusform>{n} gelabeltes Bild</numerusform>
            <numerusform>{n} gelabelte Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} missing picture found again</source>
        <comment>{n} missing pictures found again</comment>
        <translation>
            <numerusform>{n} fehlendes Bild wiedergefunden</numerusform>
            <numerusform>{n} fehlende Bilder wiedergefunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more</source>
        <comment>{n} more</comment>
        <translation>
            <numerusform>{n} weitere</numerusform>
            <numerusform>{n} weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more finding is not listed. Fix some of these first.</source>
        <comment>{n} more findings are not listed. Fix some of these first.</comment>
        <translation>
            <numerusform>{n} weiterer Befund ist nicht aufgeführt. Beheben Sie zuerst einige der angezeigten.</numerusform>
            <numerusform>{n} weitere Befunde sind nicht aufgeführt. Beheben Sie zuerst einige der angezeigten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more is of a class without examples.</source>
        <comment>{n} more are of classes without examples.</comment>
        <translation>
            <numerusform>{n} weiteres gehört zu einer Klasse ohne Beispiele.</numerusform>
            <numerusform>{n} weitere gehören zu Klassen ohne Beispiele.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more label is taken so.</source>
        <comment>{n} more labels are taken so.</comment>
        <translation>
            <numerusform>{n} weiteres Label wird so übernommen.</numerusform>
            <numerusform>{n} weitere Labels werden so übernommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more labelled image</source>
        <comment>{n} more labelled images</comment>
        <translation>
            <numerusform>{n} weiteres gelabeltes Bild</numerusform>
            <numerusform>{n} weitere gelabelte Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more like them</source>
        <comment>{n} more like them</comment>
        <translation>
            <numerusform>{n} weiteres wie diese</numerusform>
            <numerusform>{n} weitere wie diese</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more may be &apos;{class_name}&apos;</source>
        <comment>{n} more may be &apos;{class_name}&apos;</comment>
        <translation>
            <numerusform>{n} weiteres vielleicht „{class_name}“</numerusform>
            <numerusform>{n} weitere vielleicht „{class_name}“</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more predicted</source>
        <comment>{n} more predicted</comment>
        <translation>
            <numerusform>{n} weiteres vorhergesagt</numerusform>
            <numerusform>{n} weitere vorhergesagt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more was not looked at yet.</source>
        <comment>{n} more were not looked at yet.</comment>
        <translation>
            <numerusform>{n} weiteres Bild wurde noch nicht ausgewertet.</numerusform>
            <numerusform>{n} weitere Bilder wurden noch nicht ausgewertet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} name is close to another</source>
        <comment>{n} names are close to others</comment>
        <translation>
            <numerusform>{n} Name ist einem anderen sehr ähnlich</numerusform>
            <numerusform>{n} Namen sind anderen sehr ähnlich</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} name to look at</source>
        <comment>{n} names to look at</comment>
        <translation>
            <numerusform>{n} Name zu prüfen</numerusform>
            <numerusform>{n} Namen zu prüfen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of them is a copy of a trained one.</source>
        <comment>{n} of them are copies of trained ones.</comment>
        <translation>
            <numerusform>{n} davon ist die Kopie eines trainierten.</numerusform>
            <numerusform>{n} davon sind Kopien von trainierten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of them is new in this project.</source>
        <comment>{n} of them are new in this project.</comment>
        <translation>
            <numerusform>{n} davon ist neu in diesem Projekt.</numerusform>
            <numerusform>{n} davon sind neu in diesem Projekt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of these is set apart for testing, so it is not trained on.</source>
        <comment>{n} of these are set apart for testing, so they are not trained on.</comment>
        <translation>
            <numerusform>{n} davon ist zum Testen zurückgehalten und wird nicht zum Training verwendet.</numerusform>
            <numerusform>{n} davon sind zum Testen zurückgehalten und werden nicht zum Training verwendet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of {judged:,} labels looks wrong beside the others: another class is at least {sure} likely.</source>
        <comment>{n} of {judged:,} labels look wrong beside the others: another class is at least {sure} likely.</comment>
        <translation>
            <numerusform>{n} von {judged:,} Labels wirkt neben den anderen falsch: Eine andere Klasse ist zu mindestens {sure} wahrscheinlich.</numerusform>
            <numerusform>{n} von {judged:,} Labels wirken neben den anderen falsch: Eine andere Klasse ist jeweils zu mindestens {sure} wahrscheinlich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of {pictures} selected</source>
        <comment>{n} of {pictures} selected</comment>
        <translation>
            <numerusform>{pictures}, {n} ausgewählt</numerusform>
            <numerusform>{pictures}, {n} ausgewählt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} other group</source>
        <comment>{n} other groups</comment>
        <translation>
            <numerusform>{n} andere Gruppe</numerusform>
            <numerusform>{n} andere Gruppen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture</source>
        <comment>{n} pictures</comment>
        <translation>
            <numerusform>{n} Bild</numerusform>
            <numerusform>{n} Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture added</source>
        <comment>{n} pictures added</comment>
        <translation>
            <numerusform>{n} Bild hinzugefügt</numerusform>
            <numerusform>{n} Bilder hinzugefügt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture added.</source>
        <comment>{n} pictures added.</comment>
        <translation>
            <numerusform>{n} Bild hinzugefügt.</numerusform>
            <numerusform>{n} Bilder hinzugefügt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture cannot be read any more</source>
        <comment>{n} pictures cannot be read any more</comment>
        <translation>
            <numerusform>{n} Bild lässt sich nicht mehr lesen</numerusform>
            <numerusform>{n} Bilder lassen sich nicht mehr lesen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture carries another label already and kept it.</source>
        <comment>{n} pictures carry another label already and kept it.</comment>
        <translation>
            <numerusform>{n} Bild hatte schon ein anderes Label und hat es behalten.</numerusform>
            <numerusform>{n} Bilder hatten schon ein anderes Label und haben es behalten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture checked: every file is there, as it was.</source>
        <comment>{n} pictures checked: every file is there, as it was.</comment>
        <translation>
            <numerusform>{n} Bild geprüft: Die Datei ist da und unverändert.</numerusform>
            <numerusform>{n} Bilder geprüft: Alle Dateien sind da und unverändert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture copied</source>
        <comment>{n} pictures copied</comment>
        <translation>
            <numerusform>{n} Bild kopiert</numerusform>
            <numerusform>{n} Bilder kopiert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture copied.</source>
        <comment>{n} pictures copied.</comment>
        <translation>
            <numerusform>{n} Bild kopiert.</numerusform>
            <numerusform>{n} Bilder kopiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture could not be looked at</source>
        <comment>{n} pictures could not be looked at</comment>
        <translation>
            <numerusform>{n} Bild ließ sich nicht prüfen</numerusform>
            <numerusform>{n} Bilder ließen sich nicht prüfen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture could not be used.</source>
        <comment>{n} pictures could not be used.</comment>
        <translation>
            <numerusform>{n} Bild war nicht brauchbar.</numerusform>
            <numerusform>{n} Bilder waren nicht brauchbar.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture has a prediction, which is shown only: the project makes its own.</source>
        <comment>{n} pictures have a prediction, which is shown only: the project makes its own.</comment>
        <translation>
            <numerusform>{n} Bild hat eine Vorhersage. Sie wird nur angezeigt, denn das Projekt sagt selbst vorher.</numerusform>
            <numerusform>{n} Bilder haben eine Vorhersage. Sie wird nur angezeigt, denn das Projekt sagt selbst vorher.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture has a split and no label: a split goes with a label, so it is left out.</source>
        <comment>{n} pictures have a split and no label: a split goes with a label, so it is left out.</comment>
        <translation>
            <numerusform>{n} Bild hat einen Split, aber kein Label: Ein Split gehört zu einem Label und entfällt deshalb.</numerusform>
            <numerusform>{n} Bilder haben einen Split, aber kein Label: Ein Split gehört zu einem Label und entfällt deshalb.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture has no label.</source>
        <comment>{n} pictures have no label.</comment>
        <translation>
            <numerusform>{n} Bild hat kein Label.</numerusform>
            <numerusform>{n} Bilder haben kein Label.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture in the project&apos;s own folder was left out, as after a power cut. It is taken in again.</source>
        <comment>{n} pictures in the project&apos;s own folder were left out, as after a power cut. They are taken in again.</comment>
        <translation>
            <numerusform>{n} Bild im Ordner des Projekts selbst gehörte zu keinem Eintrag, wie nach einem Stromausfall. Es wird wieder aufgenommen.</numerusform>
            <numerusform>{n} Bilder im Ordner des Projekts selbst gehörten zu keinem Eintrag, wie nach einem Stromausfall. Sie werden wieder aufgenommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture is missing</source>
        <comment>{n} pictures are missing</comment>
        <translation>
            <numerusform>{n} Bild fehlt</numerusform>
            <numerusform>{n} Bilder fehlen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture is set apart: nothing is learned from it.</source>
        <comment>{n} pictures are set apart: nothing is learned from them.</comment>
        <translation>
            <numerusform>{n} Bild ist zurückgehalten: Daraus wird nichts gelernt.</numerusform>
            <numerusform>{n} Bilder sind zurückgehalten: Daraus wird nichts gelernt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture is still to be looked at.</source>
        <comment>{n} pictures are still to be looked at.</comment>
        <translation>
            <numerusform>{n} Bild muss noch ausgewertet werden.</numerusform>
            <numerusform>{n} Bilder müssen noch ausgewertet werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture linked</source>
        <comment>{n} pictures linked</comment>
        <translation>
            <numerusform>{n} Bild verlinkt</numerusform>
            <numerusform>{n} Bilder verlinkt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture linked ({copied:,} of them copied, since no link can be made there)</source>
        <comment>{n} pictures linked ({copied:,} of them copied, since no link can be made there)</comment>
        <translation>
            <numerusform>{n} Bild verlinkt (davon {copied:,} kopiert, da dort keine Hardlinks möglich sind)</numerusform>
            <numerusform>{n} Bilder verlinkt (davon {copied:,} kopiert, da dort keine Hardlinks möglich sind)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture listed.</source>
        <comment>{n} pictures listed.</comment>
        <translation>
            <numerusform>{n} Bild aufgeführt.</numerusform>
            <numerusform>{n} Bilder aufgeführt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture shows none of your classes.</source>
        <comment>{n} pictures show none of your classes.</comment>
        <translation>
            <numerusform>{n} Bild zeigt keine Ihrer Klassen.</numerusform>
            <numerusform>{n} Bilder zeigen keine Ihrer Klassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture that could not be read is there again. It is imported now.</source>
        <comment>{n} pictures that could not be read are there again. They are imported now.</comment>
        <translation>
            <numerusform>{n} Bild, das nicht gelesen werden konnte, ist wieder da. Es wird jetzt importiert.</numerusform>
            <numerusform>{n} Bilder, die nicht gelesen werden konnten, sind wieder da. Sie werden jetzt importiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture that is set apart for testing is left out.</source>
        <comment>{n} pictures that are set apart for testing are left out.</comment>
        <translation>
            <numerusform>{n} zum Testen zurückgehaltenes Bild bleibt außen vor.</numerusform>
            <numerusform>{n} zum Testen zurückgehaltene Bilder bleiben außen vor.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture was changed on disk</source>
        <comment>{n} pictures were changed on disk</comment>
        <translation>
            <numerusform>{n} Bild wurde auf dem Datenträger geändert</numerusform>
            <numerusform>{n} Bilder wurden auf dem Datenträger geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture with copies</source>
        <comment>{n} pictures with copies</comment>
        <translation>
            <numerusform>{n} Bild mit Kopien</numerusform>
            <numerusform>{n} Bilder mit Kopien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} problem</source>
        <comment>{n} problems</comment>
        <translation>
            <numerusform>{n} Problem</numerusform>
            <numerusform>{n} Probleme</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} selected</source>
        <comment>{n} selected</comment>
        <translation>
            <numerusform>{n} ausgewählt</numerusform>
            <numerusform>{n} ausgewählt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} shot</source>
        <comment>{n} shots</comment>
        <translation>
            <numerusform>{n} Shot</numerusform>
            <numerusform>{n} Shots</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} side-car</source>
        <comment>{n} side-cars</comment>
        <translation>
            <numerusform>{n} Begleitdatei</numerusform>
            <numerusform>{n} Begleitdateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} template: {first} …</source>
        <comment>{n} templates: {first} …</comment>
        <translation>
            <numerusform>{n} Vorlage: {first} …</numerusform>
            <numerusform>{n} Vorlagen: {first} …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} that you found right is left out.</source>
        <comment>{n} that you found right are left out.</comment>
        <translation>
            <numerusform>{n} Label, das Sie für richtig befunden haben, ist ausgenommen.</numerusform>
            <numerusform>{n} Labels, die Sie für richtig befunden haben, sind ausgenommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} was changed on disk</source>
        <comment>{n} were changed on disk</comment>
        <translation>
            <numerusform>{n} wurde auf dem Datenträger geändert</numerusform>
            <numerusform>{n} wurden auf dem Datenträger geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} with a problem</source>
        <comment>{n} with a problem</comment>
        <translation>
            <numerusform>{n} mit einem Problem</numerusform>
            <numerusform>{n} mit Problemen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} without a split is in {folder}, which others may pass over.</source>
        <comment>{n} without a split are in {folder}, which others may pass over.</comment>
        <translation>
            <numerusform>{n} Bild ohne Split liegt in {folder}; andere Programme übergehen diesen Ordner womöglich.</numerusform>
            <numerusform>{n} Bilder ohne Split liegen in {folder}; andere Programme übergehen diesen Ordner womöglich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} {suffix} file</source>
        <comment>{n} {suffix} files</comment>
        <translation>
            <numerusform>{n} {suffix}-Datei</numerusform>
            <numerusform>{n} {suffix}-Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{packages} and {last}</source>
        <translation>{packages} und {last}</translation>
    </message>
    <message>
        <source>{page}: open a project first</source>
        <translation>{page}: zuerst ein Projekt öffnen</translation>
    </message>
    <message numerus="yes">
        <source>{part} of {n} picture</source>
        <comment>{part} of {n} pictures</comment>
        <translation>
            <numerusform>{part} von {n} Bild</numerusform>
            <numerusform>{part} von {n} Bildern</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{path} and {n} more</source>
        <comment>{path} and {n} more</comment>
        <translation>
            <numerusform>{path} und {n} weitere Datei</numerusform>
            <numerusform>{path} und {n} weitere Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>{path} could not be read or written; {lost}. Check that its drive is plugged in, works and has room, then open the project again.</source>
        <translation>{path} ließ sich nicht lesen oder schreiben; {lost}. Prüfen Sie, ob das Laufwerk angeschlossen ist, funktioniert und Platz hat, und öffnen Sie dann das Projekt noch einmal.</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} is labelled &apos;{class_name}&apos; and was not labelled &apos;{other_class}&apos;.</source>
        <translation>{path} hat das Label „{class_name}“ und wurde deshalb nicht als „{other_class}“ gelabelt.</translation>
    </message>
    <message>
        <source>{path} is locked by another program; {lost}. Close that program and try again.</source>
        <translation>{path} ist von einem anderen Programm gesperrt; {lost}. Schließen Sie dieses Programm und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{percent:.0f}%</source>
        <translation>{percent:.0f}&#xa0;%</translation>
    </message>
    <message>
        <source>{percent:.0f}% right</source>
        <translation>{percent:.0f}&#xa0;% richtig</translation>
    </message>
    <message>
        <source>{percent:.1f}  ({low:.0f} to {high:.0f})</source>
        <translation>{percent:.1f}  ({low:.0f}–{high:.0f})</translation>
    </message>
    <message>
        <source>{percent:.1f}%</source>
        <translation>{percent:.1f}&#xa0;%</translation>
    </message>
    <message>
        <source>{percent:.2f}%</source>
        <translation>{percent:.2f}&#xa0;%</translation>
    </message>
    <message numerus="yes">
        <source>{pictures} into {n} folder.</source>
        <comment>{pictures} into {n} folders.</comment>
        <translation>
            <numerusform>{pictures} in {n} Ordner.</numerusform>
            <numerusform>{pictures} in {n} Ordner.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{placed}, {n} left out.</source>
        <comment>{placed}, {n} left out.</comment>
        <translation>
            <numerusform>{placed}, {n} ausgelassen.</numerusform>
            <numerusform>{placed}, {n} ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{placed}, {n} left out: {examples}.</source>
        <comment>{placed}, {n} left out: {examples}.</comment>
        <translation>
            <numerusform>{placed}, {n} ausgelassen: {examples}.</numerusform>
            <numerusform>{placed}, {n} ausgelassen: {examples}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{placed}, {n} of them written as PNG (the first frame): other programs pass over its format</source>
        <comment>{placed}, {n} of them written as PNG (the first frame): other programs pass over their formats</comment>
        <translation>
            <numerusform>{placed}, davon {n} als PNG geschrieben (das erste Einzelbild): Andere Programme übergehen sein Format</numerusform>
            <numerusform>{placed}, davon {n} als PNG geschrieben (das erste Einzelbild): Andere Programme übergehen deren Formate</numerusform>
        </translation>
    </message>
    <message>
        <source>{project} data</source>
        <translation>{project} Daten</translation>
    </message>
    <message>
        <source>{project} experiments</source>
        <translation>{project} Experimente</translation>
    </message>
    <message>
        <source>{project} features</source>
        <translation>{project} Merkmale</translation>
    </message>
    <message>
        <source>{project} is as it was on {date}.</source>
        <translation>{project} ist wieder auf dem Stand vom {date}.</translation>
    </message>
    <message>
        <source>{project} predictions</source>
        <translation>{project} Vorhersagen</translation>
    </message>
    <message>
        <source>{project} report</source>
        <translation>{project} Bericht</translation>
    </message>
    <message>
        <source>{project} sorted</source>
        <translation>{project} sortiert</translation>
    </message>
    <message>
        <source>{rate:,.0f} per second</source>
        <translation>{rate:,.0f} pro Sekunde</translation>
    </message>
    <message>
        <source>{reason}; the picture was taken without a label</source>
        <translation>{reason}; das Bild wurde ohne Label übernommen</translation>
    </message>
    <message>
        <source>{report} (stopped)</source>
        <translation>{report} (gestoppt)</translation>
    </message>
    <message>
        <source>{report} (stopped).</source>
        <translation>{report} (gestoppt).</translation>
    </message>
    <message numerus="yes">
        <source>{report}; {n} is not in that folder.</source>
        <comment>{report}; {n} are not in that folder.</comment>
        <translation>
            <numerusform>{report}; {n} ist nicht in diesem Ordner.</numerusform>
            <numerusform>{report}; {n} sind nicht in diesem Ordner.</numerusform>
        </translation>
    </message>
    <message>
        <source>{run}, trained {when}</source>
        <translation>{run}, trainiert am {when}</translation>
    </message>
    <message>
        <source>{seconds:.0f} s each</source>
        <translation>je {seconds:.0f}&#xa0;s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}&#xa0;s</translation>
    </message>
    <message>
        <source>{seeds} with seed {seed}</source>
        <translation>{seeds} mit Seed {seed}</translation>
    </message>
    <message>
        <source>{sentence} To use it, choose the format &apos;{format}&apos; and the column of the label.</source>
        <translation>{sentence} Um sie zu verwenden, wählen Sie das Format „{format}“ und die Spalte mit dem Label.</translation>
    </message>
    <message>
        <source>{server} cannot be reached ({reason})</source>
        <translation>{server} ist nicht erreichbar ({reason})</translation>
    </message>
    <message>
        <source>{server} does not answer as the hub does: it names a file &apos;{name}&apos;</source>
        <translation>{server} antwortet nicht wie der Hub: Der Server nennt eine Datei „{name}“</translation>
    </message>
    <message>
        <source>{setting}: give the whole path, or leave it empty.</source>
        <translation>{setting}: Geben Sie den vollständigen Pfad an, oder lassen Sie das Feld leer.</translation>
    </message>
    <message numerus="yes">
        <source>{shots}/{n} example</source>
        <comment>{shots}/{n} examples</comment>
        <translation>
            <numerusform>{shots}/{n} Beispiel</numerusform>
            <numerusform>{shots}/{n} Beispiele</numerusform>
        </translation>
    </message>
    <message>
        <source>{size:,} MB download</source>
        <translation>{size:,}&#xa0;MB Download</translation>
    </message>
    <message>
        <source>{size} GB of memory</source>
        <translation>{size} GB Arbeitsspeicher</translation>
    </message>
    <message>
        <source>{sure} read as {class_name}</source>
        <translation>{sure} erkannt als {class_name}</translation>
    </message>
    <message>
        <source>{text}, key {key}</source>
        <translation>{text}, Taste {key}</translation>
    </message>
    <message>
        <source>{title}: not measured</source>
        <translation>{title}: nicht gemessen</translation>
    </message>
    <message numerus="yes">
        <source>{title}: {accuracy} right, tested on {n} picture ({run})</source>
        <comment>{title}: {accuracy} right, tested on {n} pictures ({run})</comment>
        <translation>
            <numerusform>{title}: {accuracy} richtig, getestet an {n} Bild ({run})</numerusform>
            <numerusform>{title}: {accuracy} richtig, getestet an {n} Bildern ({run})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{title}: {n} unlabelled picture</source>
        <comment>{title}: {n} unlabelled pictures</comment>
        <translation>
            <numerusform>{title}: {n} ungelabeltes Bild</numerusform>
            <numerusform>{title}: {n} ungelabelte Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>{what}; pictures can be {formats}. Save it as one of these</source>
        <translation>{what}; möglich sind Bilder in {formats}. Speichern Sie die Datei in einem dieser Formate</translation>
    </message>
    <message>
        <source>{width:,} × {height:,} pixels</source>
        <translation>{width:,} × {height:,} Pixel</translation>
    </message>
    <message>
        <source>{width:d} x {height:d} pixels ({millions:,.0f} megapixels); the limit is {limit:d} megapixels</source>
        <translation>{width:d} × {height:d} Pixel ({millions:,.0f} Megapixel); die Grenze liegt bei {limit:d} Megapixeln</translation>
    </message>
    <message>
        <source>…</source>
        <comment>not measured yet</comment>
        <translation>…</translation>
    </message>
</context>
<context>
    <name>DamagedError</name>
    <message>
        <source>The database of {folder} is damaged, so no backup was made of it and the earlier ones are kept. Close the project and restore one of them from the start page.</source>
        <translation>Die Datenbank von {folder} ist beschädigt. Sie wurde deshalb nicht gesichert, die früheren Sicherungen bleiben erhalten. Schließen Sie das Projekt und stellen Sie auf der Startseite eine davon wieder her.</translation>
    </message>
    <message>
        <source>The database of {folder} is gone: there is no {database_file} in its folder any more. Restore one of its backups: the start page lists them.</source>
        <translation>Die Datenbank von {folder} ist verschwunden: Im Projektordner gibt es keine Datei {database_file} mehr. Stellen Sie eine Sicherung wieder her: Die Startseite zeigt alle an.</translation>
    </message>
    <message>
        <source>The database of {folder} is not as this program writes it: {strangeness}. It was not opened. Ask for another copy, or restore one of its backups: the start page lists them.</source>
        <translation>Die Datenbank von {folder} entspricht nicht dem, was dieses Programm schreibt: {strangeness}. Sie wurde nicht geöffnet. Bitten Sie um eine andere Kopie oder stellen Sie eine Sicherung wieder her: Die Startseite zeigt alle an.</translation>
    </message>
</context>
<context>
    <name>RowError</name>
    <message>
        <source>&apos;{address}&apos; is a remote address, and nothing is fetched. Download it, then name the file</source>
        <translation>„{address}“ ist eine Adresse im Netz, von dort wird nichts geladen. Laden Sie das Bild selbst herunter und geben Sie dann die Datei an</translation>
    </message>
    <message>
        <source>&apos;{address}&apos; is in a bucket, and nothing is fetched: no file in {folder} ends like it. Choose the folder that holds a copy of the bucket</source>
        <translation>„{address}“ liegt in einem Bucket, und es wird nichts geholt: Keine Datei in {folder} endet so. Wählen Sie den Ordner mit einer Kopie des Buckets</translation>
    </message>
    <message>
        <source>&apos;{address}&apos; is not an address</source>
        <translation>„{address}“ ist keine Adresse</translation>
    </message>
    <message>
        <source>&apos;{file}&apos; is kept by Label Studio itself; choose the folder that holds these pictures</source>
        <translation>„{file}“ liegt in Label Studio selbst; wählen Sie den Ordner mit diesen Bildern</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; cannot be the name of a picture</source>
        <translation>„{path}“ kann nicht der Name eines Bildes sein</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is a path of another computer</source>
        <translation>„{path}“ ist ein Pfad auf einem anderen Computer</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is an absolute path; only files inside {folder} are taken</source>
        <translation>„{path}“ ist ein absoluter Pfad; nur Dateien in {folder} werden übernommen</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is not a file</source>
        <translation>„{path}“ ist keine Datei</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; leads out of its folder (..)</source>
        <translation>„{path}“ führt aus dem eigenen Ordner hinaus (..)</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; leads out of its folder (..); choose the folder of the pictures, or one that holds both</source>
        <translation>„{path}“ führt aus seinem Ordner hinaus (..); wählen Sie den Ordner der Bilder oder einen, der beides enthält</translation>
    </message>
    <message>
        <source>&apos;{path}&apos; may be {first} or {other}; choose the folder of the pictures</source>
        <translation>„{path}“ kann {first} oder {other} sein; wählen Sie den Ordner der Bilder</translation>
    </message>
    <message>
        <source>it does not have exactly one label</source>
        <translation>kein eindeutiges Label</translation>
    </message>
    <message>
        <source>it has several keywords ({keywords}), and none is a class</source>
        <translation>es hat mehrere Stichwörter ({keywords}), und keines ist eine Klasse</translation>
    </message>
    <message>
        <source>it has several labels ({labels})</source>
        <translation>es hat mehrere Labels ({labels})</translation>
    </message>
    <message>
        <source>it has several questions ({questions}); choose one as the label</source>
        <translation>mehrere Fragen ({questions}); wählen Sie eine als Label</translation>
    </message>
    <message numerus="yes">
        <source>it has {n} label</source>
        <comment>it has {n} labels</comment>
        <translation>
            <numerusform>das Bild hat {n} Label</numerusform>
            <numerusform>das Bild hat {n} Labels</numerusform>
        </translation>
    </message>
    <message>
        <source>it is not a line of a manifest</source>
        <translation>es ist keine Zeile eines Manifests</translation>
    </message>
    <message>
        <source>it was taken without its label. {reason}</source>
        <translation>ohne Label übernommen. {reason}</translation>
    </message>
    <message>
        <source>its annotations do not agree on one label ({labels})</source>
        <translation>die Annotationen ergeben kein einheitliches Label ({labels})</translation>
    </message>
    <message>
        <source>its data has no &apos;{field}&apos;</source>
        <translation>„{field}“ fehlt in den Daten</translation>
    </message>
    <message>
        <source>several of its keywords are classes ({keywords})</source>
        <translation>mehrere seiner Stichwörter sind Klassen ({keywords})</translation>
    </message>
    <message>
        <source>the picture is inside the text; only files are taken</source>
        <translation>das Bild steckt im Text selbst; nur Dateien werden übernommen</translation>
    </message>
    <message>
        <source>the split &apos;{split}&apos; is none of train, val and test; it was taken without one</source>
        <translation>Split „{split}“ ist weder train noch val noch test; das Bild wurde ohne Split übernommen</translation>
    </message>
    <message numerus="yes">
        <source>there is no class {number} among {n}</source>
        <comment>there is no class {number} among {n}</comment>
        <translation>
            <numerusform>keine Klasse {number} bei nur {n} Klasse</numerusform>
            <numerusform>keine Klasse {number} bei nur {n} Klassen</numerusform>
        </translation>
    </message>
    <message>
        <source>there is no file &apos;{path}&apos;</source>
        <translation>keine Datei „{path}“ vorhanden</translation>
    </message>
    <message>
        <source>there is no file &apos;{path}&apos; in {folder}</source>
        <translation>keine Datei „{path}“ in {folder} vorhanden</translation>
    </message>
    <message>
        <source>there is no file name</source>
        <translation>der Dateiname fehlt</translation>
    </message>
    <message numerus="yes">
        <source>{n} flag is set ({flags})</source>
        <comment>{n} flags are set ({flags})</comment>
        <translation>
            <numerusform>{n} Flag ist gesetzt ({flags})</numerusform>
            <numerusform>{n} Flags sind gesetzt ({flags})</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UserError</name>
    <message>
        <source>&apos;{class_name}&apos; keeps its name. Add a class for what these pictures show.</source>
        <translation>„{class_name}“ behält den Namen. Fügen Sie eine Klasse für das hinzu, was diese Bilder zeigen.</translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; stands for pictures of no class. Choose another name.</source>
        <translation>„{class_name}“ steht für Bilder, die zu keiner Klasse gehören. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; cannot be a key. Use one letter, digit or sign.</source>
        <translation>„{key}“ kann keine Taste sein. Verwenden Sie einen Buchstaben, eine Ziffer oder ein anderes Zeichen.</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not valid. Enter whole numbers from {low} to {high:,}, such as 0-2 or 4, 8, 16.</source>
        <translation>„{text}“ ist nicht brauchbar. Geben Sie ganze Zahlen von {low} bis {high:,} an, z.&#xa0;B. 0-2 oder 4, 8, 16.</translation>
    </message>
    <message>
        <source>A backup was made, but {labels_file} could not be brought up to date. {error}</source>
        <translation>Es wurde eine Sicherung angelegt, aber {labels_file} ließ sich nicht auf den neuesten Stand bringen. {error}</translation>
    </message>
    <message>
        <source>A class named &apos;{class_name}&apos; already exists. Choose another name, or label the pictures with that class.</source>
        <translation>Die Klasse „{class_name}“ gibt es schon. Wählen Sie einen anderen Namen oder geben Sie den Bildern diese Klasse.</translation>
    </message>
    <message>
        <source>A classifier is exported from the processor. Load it with the device cpu.</source>
        <translation>Ein Klassifikator wird vom Prozessor aus exportiert. Laden Sie ihn mit dem Gerät „cpu“.</translation>
    </message>
    <message>
        <source>A feature file needs at least two classes. Add another class first; nothing was written.</source>
        <translation>Eine Merkmalsdatei braucht mindestens zwei Klassen. Fügen Sie zuerst eine weitere Klasse hinzu; es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>A table of {n} columns is no list of pictures. Give the column that has them.</source>
        <translation>Eine Tabelle mit {n} Spalten ist keine Liste von Bildern. Geben Sie die Spalte mit den Bildern an.</translation>
    </message>
    <message>
        <source>A tensor of shape {shape} is not a picture. Give (3, height, width), from 0 to 255 as uint8 or from 0 to 1 as floating-point numbers.</source>
        <translation>Ein Tensor der Form {shape} ist kein Bild. Gib (3, Höhe, Breite) an, von 0 bis 255 als uint8 oder von 0 bis 1 als Gleitkommazahlen.</translation>
    </message>
    <message>
        <source>A training needs a name. Type at least one character.</source>
        <translation>Ein Training braucht einen Namen. Geben Sie mindestens ein Zeichen ein.</translation>
    </message>
    <message>
        <source>Another window or program has been writing to {folder} for {seconds:.0f} seconds. Close it, and try again.</source>
        <translation>Ein anderes Fenster oder Programm schreibt seit {seconds:.0f} Sekunden in {folder}. Schließen Sie es und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>As {format} this classifier does not answer as it does here (probabilities differ by up to {difference:.2g}, allowed is {tolerance:g}), so {path} was not written. Choose another format.</source>
        <translation>Als {format} antwortet dieser Klassifikator anders als hier (die Wahrscheinlichkeiten weichen um bis zu {difference:.2g} ab, zulässig ist {tolerance:g}). Daher wurde {path} nicht geschrieben. Wählen Sie ein anderes Format.</translation>
    </message>
    <message>
        <source>Choose another format. {reason}</source>
        <translation>Wählen Sie ein anderes Format. {reason}</translation>
    </message>
    <message>
        <source>Choose at least one method.</source>
        <translation>Wählen Sie mindestens eine Methode.</translation>
    </message>
    <message>
        <source>Copies of one picture carry different labels. Give all of them one class first, then keep one.</source>
        <translation>Kopien eines Bildes haben verschiedene Labels. Geben Sie zuerst allen dieselbe Klasse und behalten Sie dann eine Kopie.</translation>
    </message>
    <message>
        <source>Give 1 to {most} whole numbers, such as 0-2 or 4, 8, 16.</source>
        <translation>Geben Sie 1 bis {most} ganze Zahlen an, z.&#xa0;B. 0-2 oder 4, 8, 16.</translation>
    </message>
    <message>
        <source>It comes with its own weights. Choose another backbone for your weights file.</source>
        <translation>Es bringt eigene Gewichte mit. Wählen Sie für Ihre Gewichtsdatei ein anderes Backbone.</translation>
    </message>
    <message>
        <source>Label three or more pictures of a class yourself first: accepted suggestions test nothing.</source>
        <translation>Labeln Sie zuerst mindestens drei Bilder einer Klasse selbst: Übernommene Vorschläge testen nichts.</translation>
    </message>
    <message>
        <source>Name at least one class to choose from.</source>
        <translation>Nennen Sie mindestens eine Klasse, die zur Auswahl steht.</translation>
    </message>
    <message>
        <source>No class name was given. Type at least one.</source>
        <translation>Es wurde kein Klassenname angegeben. Geben Sie mindestens einen ein.</translation>
    </message>
    <message>
        <source>No picture is labelled yet. Label some pictures first; nothing was written.</source>
        <translation>Es ist noch kein Bild gelabelt. Labeln Sie zuerst einige Bilder; es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>No picture there has a label. Put those of each class into a folder named after it, or choose the format.</source>
        <translation>Kein Bild dort hat ein Label. Legen Sie die jeder Klasse in einen Ordner mit deren Namen oder wählen Sie das Format.</translation>
    </message>
    <message>
        <source>No prediction reaches this limit.</source>
        <translation>Keine Vorhersage erreicht diese Grenze.</translation>
    </message>
    <message>
        <source>None of the pictures can be read, so there is nothing to list. Nothing was written.</source>
        <translation>Keines der Bilder lässt sich lesen, also gibt es nichts aufzuführen. Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>None of these pictures has a label. Label them first, then say what they are used for.</source>
        <translation>Keines dieser Bilder hat ein Label. Labeln Sie die Bilder zuerst und legen Sie dann fest, wofür sie verwendet werden.</translation>
    </message>
    <message>
        <source>None of these pictures has a prediction yet.</source>
        <translation>Für keines dieser Bilder gibt es schon eine Vorhersage.</translation>
    </message>
    <message>
        <source>Nothing was measured yet, so there is nothing to report. Label more pictures.</source>
        <translation>Es wurde noch nichts gemessen, daher gibt es nichts zu berichten. Labeln Sie mehr Bilder.</translation>
    </message>
    <message>
        <source>Python&apos;s SQLite is {version}, but projects need {oldest} or newer. Use a newer Python, or the installer of mma-desktop, which brings its own.</source>
        <translation>Dieses Python hat SQLite {version}, Projekte brauchen aber {oldest} oder neuer. Verwenden Sie ein neueres Python oder das Installationsprogramm von mma-desktop, das ein eigenes mitbringt.</translation>
    </message>
    <message>
        <source>Some embeddings are damaged (not numbers). Clear the embeddings and embed again.</source>
        <translation>Einige Embeddings sind beschädigt (keine Zahlen). Löschen Sie die Embeddings und lassen Sie sie neu berechnen.</translation>
    </message>
    <message>
        <source>That class is not in the project any more.</source>
        <translation>Diese Klasse gibt es in diesem Projekt nicht mehr.</translation>
    </message>
    <message>
        <source>That class is not there any more. Choose another one.</source>
        <translation>Diese Klasse gibt es nicht mehr. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>That picture has {megapixels:,.0f} megapixels; the limit is {limit} megapixels.</source>
        <translation>Dieses Bild hat {megapixels:,.0f}&#xa0;Megapixel; die Grenze liegt bei {limit}&#xa0;Megapixeln.</translation>
    </message>
    <message>
        <source>That training is not there any more. Choose another one.</source>
        <translation>Dieses Training gibt es nicht mehr. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>The adapter file {path} is damaged or incomplete. Copy or export it again.</source>
        <translation>Die Adapterdatei {path} ist beschädigt oder unvollständig. Kopieren oder exportieren Sie sie erneut.</translation>
    </message>
    <message>
        <source>The adapter file {path} is damaged or incomplete: {field} cannot be {found}. Copy or export it again.</source>
        <translation>Die Adapterdatei {path} ist beschädigt oder unvollständig: {field} darf nicht {found} sein. Kopieren oder exportieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The backbone {backbone} ({size}) is not on this machine and could not be downloaded ({reason}). Go online and try again, pick a weights file that you already have, or use the starter, which needs no download.</source>
        <translation>Das Backbone {backbone} ({size}) ist auf diesem Computer nicht vorhanden und konnte nicht heruntergeladen werden ({reason}). Stellen Sie eine Internetverbindung her und versuchen Sie es erneut, wählen Sie eine vorhandene Gewichtsdatei oder verwenden Sie den Starter, der keinen Download braucht.</translation>
    </message>
    <message>
        <source>The backbone {backbone} cannot learn prompts. Choose another method or another backbone.</source>
        <translation>Das Backbone {backbone} kann keine Prompts lernen. Wählen Sie eine andere Methode oder ein anderes Backbone.</translation>
    </message>
    <message>
        <source>The backbone {backbone} needs its weights file. Pick the file it was loaded from, or use --weights.</source>
        <translation>Das Backbone {backbone} braucht seine Gewichtsdatei. Wählen Sie die Datei, aus der es geladen wurde, oder verwenden Sie --weights.</translation>
    </message>
    <message>
        <source>The backup of {folder} could not be verified and was not kept. Check the drive.</source>
        <translation>Die Sicherung von {folder} ließ sich nicht überprüfen und wurde nicht behalten. Prüfen Sie das Laufwerk.</translation>
    </message>
    <message>
        <source>The backup {backup} is not there (any more). Nothing was changed; choose another one.</source>
        <translation>Die Sicherung {backup} ist nicht (mehr) vorhanden. Es wurde nichts geändert; wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The backups of {folder} could not be read: {reason}.</source>
        <translation>Die Sicherungen von {folder} ließen sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The class name &apos;{class_name}&apos; is given twice. Name each class once.</source>
        <translation>Der Klassenname „{class_name}“ kommt zweimal vor. Nennen Sie jede Klasse nur einmal.</translation>
    </message>
    <message>
        <source>The classes of {path} are not a list of names. Nothing was changed.</source>
        <translation>Die Klassen in {path} sind keine Liste von Namen. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}). Choose the device cpu and start again.</source>
        <translation>Das Gerät {device} ist ausgefallen ({reason}). Wählen Sie das Gerät „cpu“ und starten Sie erneut.</translation>
    </message>
    <message>
        <source>The embedding of a class name is damaged (not numbers). Choose another backbone.</source>
        <translation>Das Embedding eines Klassennamens ist beschädigt (keine Zahlen). Wählen Sie ein anderes Backbone.</translation>
    </message>
    <message numerus="yes">
        <source>The features of {n} picture in {folder} were damaged. They will be made again: please try once more.</source>
        <comment>The features of {n} pictures in {folder} were damaged. They will be made again: please try once more.</comment>
        <translation>
            <numerusform>Die Merkmale von {n} Bild in {folder} waren beschädigt. Sie werden neu berechnet: Bitte versuchen Sie es noch einmal.</numerusform>
            <numerusform>Die Merkmale von {n} Bildern in {folder} waren beschädigt. Sie werden neu berechnet: Bitte versuchen Sie es noch einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>The file of &apos;{run}&apos; is gone from the project folder: train it again.</source>
        <translation>Die Datei von „{run}“ fehlt im Projektordner: Trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>The folder {folder} holds &apos;{name}&apos;, which would be read in place of what is published under this name. Start the program from another folder.</source>
        <translation>Im Ordner {folder} liegt „{name}“, das statt des unter diesem Namen Veröffentlichten gelesen würde. Starten Sie das Programm aus einem anderen Ordner.</translation>
    </message>
    <message>
        <source>The image encoder of the backbone {backbone} does not end in a linear projection that could be trained. Choose another method, or another backbone.</source>
        <translation>Der Bild-Encoder des Backbones {backbone} endet nicht mit einer linearen Projektion, die sich trainieren ließe. Wählen Sie eine andere Methode oder ein anderes Backbone.</translation>
    </message>
    <message>
        <source>The key &apos;{key}&apos; belongs to the class &apos;{class_name}&apos;. Choose another one, or free it there.</source>
        <translation>Die Taste „{key}“ gehört zur Klasse „{class_name}“. Wählen Sie eine andere oder geben Sie die Taste dort frei.</translation>
    </message>
    <message>
        <source>The key &apos;{key}&apos; is used by the window itself. Choose another one.</source>
        <translation>Die Taste „{key}“ wird vom Fenster selbst benutzt. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The next start will not find this window, and opens another one: {socket} could not be made ({reason}).</source>
        <translation>Der nächste Start findet dieses Fenster nicht und öffnet ein weiteres: {socket} konnte nicht angelegt werden ({reason}).</translation>
    </message>
    <message>
        <source>The parameter {parameter} must be a list of class names, not {text}.</source>
        <translation>Der Parameter {parameter} muss eine Liste von Klassennamen sein, nicht {text}.</translation>
    </message>
    <message>
        <source>The picture in the page&apos;s text is damaged. Choose Copy image in the browser instead.</source>
        <translation>Das Bild im Text der Webseite ist beschädigt. Wählen Sie stattdessen im Browser „Bild kopieren“.</translation>
    </message>
    <message>
        <source>The picture is gone.</source>
        <translation>Das Bild ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The pictures in {path} are inside tables or shards. Unpack it first, then import the folder. Nothing was changed.</source>
        <translation>Die Bilder in {path} stecken in Tabellen oder Teilarchiven. Entpacken Sie es zuerst und importieren Sie dann den Ordner. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The pictures lie all over {folder}, and Label Studio serves no whole drive: copy them.</source>
        <translation>Die Bilder sind über {folder} verstreut, und Label Studio gibt kein ganzes Laufwerk frei: Lassen Sie die Bilder kopieren.</translation>
    </message>
    <message>
        <source>The pictures lie on several drives, and Label Studio serves one folder: copy them.</source>
        <translation>Die Bilder liegen auf mehreren Laufwerken, Label Studio stellt aber nur einen Ordner bereit: Lassen Sie die Bilder kopieren.</translation>
    </message>
    <message>
        <source>The project is closed.</source>
        <translation>Das Projekt ist geschlossen.</translation>
    </message>
    <message>
        <source>The prompt lacks {}, which stands for the class name.</source>
        <translation>Im Prompt fehlt {}, das für den Klassennamen steht.</translation>
    </message>
    <message>
        <source>The training &apos;{run}&apos; names a file outside the project. It was not opened.</source>
        <translation>Das Training „{run}“ verweist auf eine Datei außerhalb des Projekts. Sie wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>The training became unstable: its weights are of no use. Lower the learning rate and start again.</source>
        <translation>Das Training wurde instabil: Seine Gewichte sind unbrauchbar. Senken Sie die Lernrate und starten Sie neu.</translation>
    </message>
    <message>
        <source>The weights file {path} is not there (any more). Pick it again, or use --weights.</source>
        <translation>Die Gewichtsdatei {path} ist nicht (mehr) vorhanden. Wählen Sie sie neu aus oder verwenden Sie --weights.</translation>
    </message>
    <message>
        <source>The weights in {file} are not the published ones (SHA-256 {found}… instead of {expected}…). The file is damaged or was changed: install mma-desktop again.</source>
        <translation>Die Gewichte in {file} sind nicht die veröffentlichten (SHA-256 {found}… statt {expected}…). Die Datei ist beschädigt oder wurde verändert: Installieren Sie mma-desktop neu.</translation>
    </message>
    <message>
        <source>The weights in {file} are not those of {model}. Pick that model&apos;s file, or choose the backbone that this file belongs to.</source>
        <translation>Die Gewichte in {file} gehören nicht zu {model}. Wählen Sie die Datei dieses Modells oder das Backbone, zu dem diese Datei gehört.</translation>
    </message>
    <message>
        <source>The weights in {path} could not be read ({reason}). Install mma-desktop again.</source>
        <translation>Die Gewichte in {path} konnten nicht gelesen werden ({reason}). Installieren Sie mma-desktop neu.</translation>
    </message>
    <message>
        <source>The weights of {backbone} are not on the hub. Download them from {where} and pick the file.</source>
        <translation>Die Gewichte von {backbone} liegen nicht auf dem Hub. Laden Sie sie herunter (Quelle: {where}) und wählen Sie die Datei aus.</translation>
    </message>
    <message>
        <source>There are no classes yet. Type some names first.</source>
        <translation>Es gibt noch keine Klassen. Geben Sie zuerst einige Namen ein.</translation>
    </message>
    <message>
        <source>There are no predictions yet to accept.</source>
        <translation>Es gibt noch keine Vorhersagen zum Übernehmen.</translation>
    </message>
    <message>
        <source>There are no predictions yet: they come once there are classes and the pictures have been looked at.</source>
        <translation>Es gibt noch keine Vorhersagen: Sie erscheinen, sobald es Klassen gibt und die Bilder ausgewertet sind.</translation>
    </message>
    <message>
        <source>There is no backbone &apos;{backbone}&apos;. {instead}</source>
        <translation>Das Backbone „{backbone}“ gibt es nicht. {instead}</translation>
    </message>
    <message>
        <source>There is no class to suggest pictures for. Add some class names first.</source>
        <translation>Es gibt keine Klasse, für die sich Bilder vorschlagen ließen. Fügen Sie zuerst einige Klassennamen hinzu.</translation>
    </message>
    <message>
        <source>There is no column &apos;{column}&apos; in {file}. It has {columns}.</source>
        <translation>In {file} gibt es keine Spalte „{column}“. Vorhanden: {columns}.</translation>
    </message>
    <message>
        <source>There is no device &apos;{device}&apos;. Choose one of: {devices}.</source>
        <translation>Das Gerät „{device}“ gibt es nicht. Zur Auswahl stehen: {devices}.</translation>
    </message>
    <message>
        <source>There is no folder for temporary files. Set TMPDIR to one that can be written to, and try again.</source>
        <translation>Es gibt keinen Ordner für vorübergehende Dateien. Setzen Sie TMPDIR auf einen, in den geschrieben werden kann, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>There is no format &apos;{format}&apos;. There are {formats}.</source>
        <translation>Das Format „{format}“ gibt es nicht. Vorhanden: {formats}.</translation>
    </message>
    <message>
        <source>There is no format called {format!r}. Choose one of {formats}.</source>
        <translation>Das Format „{format}“ gibt es nicht. Zur Auswahl stehen: {formats}.</translation>
    </message>
    <message>
        <source>There is no labelled image of a base class to train on.</source>
        <translation>Es gibt kein gelabeltes Bild einer Basisklasse, mit dem trainiert werden könnte.</translation>
    </message>
    <message>
        <source>There is no labelled picture to write yet.</source>
        <translation>Es gibt noch kein gelabeltes Bild, das geschrieben werden könnte.</translation>
    </message>
    <message>
        <source>There is no method called {method!r}. {hint}</source>
        <translation>Die Methode „{method}“ gibt es nicht. {hint}</translation>
    </message>
    <message>
        <source>There is no model file {path}. Check the name, or choose another file.</source>
        <translation>Die Modelldatei {path} gibt es nicht. Prüfen Sie den Namen oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>There is no picture in {folder}, and no other file.</source>
        <translation>In {folder} ist kein Bild und keine andere Datei.</translation>
    </message>
    <message>
        <source>There is no picture to sort.</source>
        <translation>Es gibt keine Bilder zum Sortieren.</translation>
    </message>
    <message>
        <source>There is no picture to write yet.</source>
        <translation>Es gibt noch kein Bild, das geschrieben werden könnte.</translation>
    </message>
    <message>
        <source>There is no prediction of an unlabelled picture to write yet.</source>
        <translation>Es gibt noch keine Vorhersage für ein ungelabeltes Bild, die geschrieben werden könnte.</translation>
    </message>
    <message>
        <source>There is no question &apos;{question}&apos; in {file}. It has {questions}.</source>
        <translation>In {file} gibt es keine Frage „{question}“. Vorhanden: {questions}.</translation>
    </message>
    <message>
        <source>There is no trained adapter yet.</source>
        <translation>Es gibt noch keinen trainierten Adapter.</translation>
    </message>
    <message>
        <source>There is not enough memory for the backbone {backbone}, even for one at a time. Close other programs, or choose a smaller image model such as the starter.</source>
        <translation>Der Arbeitsspeicher reicht für das Backbone {backbone} nicht aus, selbst bei Batch-Größe 1. Schließen Sie andere Programme, oder wählen Sie ein kleineres Bildmodell wie den Starter.</translation>
    </message>
    <message>
        <source>There is not enough memory to learn prompts with the backbone {backbone}. Close other programs, choose a smaller backbone such as the starter, or another method.</source>
        <translation>Der Arbeitsspeicher reicht nicht aus, um mit dem Backbone {backbone} Prompts zu lernen. Schließen Sie andere Programme oder wählen Sie ein kleineres Backbone wie den Starter oder eine andere Methode.</translation>
    </message>
    <message>
        <source>These pictures are &apos;{none_of_these}&apos;. Label them so, or choose a class for them.</source>
        <translation>Diese Bilder sind „{none_of_these}“. Labeln Sie sie so, oder wählen Sie eine Klasse für sie.</translation>
    </message>
    <message>
        <source>These pictures were not looked at yet. Wait until they are, then look again.</source>
        <translation>Diese Bilder wurden noch nicht ausgewertet. Warten Sie, bis es so weit ist, und suchen Sie dann noch einmal.</translation>
    </message>
    <message>
        <source>This adapter was trained with other weights or other preprocessing of {backbone} (fingerprint {fingerprint}, here {own}). Use the same weights, or train again.</source>
        <translation>Dieser Adapter wurde mit anderen Gewichten oder einer anderen Vorverarbeitung von {backbone} trainiert (Fingerabdruck {fingerprint}, hier {own}). Verwenden Sie dieselben Gewichte oder trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>This adapter was trained with the backbone {backbone}, not with {chosen}. Choose {backbone}, or train a new adapter.</source>
        <translation>Dieser Adapter wurde mit dem Backbone {backbone} trainiert, nicht mit {chosen}. Wählen Sie {backbone} oder trainieren Sie einen neuen Adapter.</translation>
    </message>
    <message>
        <source>This adapter was trained with the {backbone} of another version of mma-desktop. Train again: labels and classes are as they were.</source>
        <translation>Dieser Adapter wurde mit dem Backbone {backbone} einer anderen Version von mma-desktop trainiert. Trainieren Sie neu: Labels und Klassen sind, wie sie waren.</translation>
    </message>
    <message>
        <source>This classifier has {size:.1f} GB of weights, and one ONNX file holds 2. Choose the format torch-export, or a smaller backbone.</source>
        <translation>Die Gewichte dieses Klassifikators umfassen {size:.1f}&#xa0;GB, eine ONNX-Datei fasst nur 2&#xa0;GB. Wählen Sie das Format torch-export oder ein kleineres Backbone.</translation>
    </message>
    <message>
        <source>This is a second window: the one that is open already does not answer. Close one of them.</source>
        <translation>Dies ist ein zweites Fenster: Das bereits geöffnete antwortet nicht. Schließen Sie eines der beiden.</translation>
    </message>
    <message>
        <source>This is a window of its own, which the next start will not find: {folder} is not a folder that only you can enter. Delete it, or let XDG_RUNTIME_DIR name one that is, and start again.</source>
        <translation>Der nächste Start findet dieses Fenster nicht und öffnet ein weiteres: {folder} ist kein Ordner, den nur Sie öffnen können. Löschen Sie ihn, oder nennen Sie in XDG_RUNTIME_DIR einen solchen Ordner, und starten Sie neu.</translation>
    </message>
    <message>
        <source>This is a window of its own: {socket} belongs to another user of this computer. Delete it.</source>
        <translation>Dies ist ein eigenes Fenster: {socket} gehört einem anderen Benutzer dieses Computers. Löschen Sie die Datei.</translation>
    </message>
    <message>
        <source>This model has a class called &apos;{class_name}&apos;, a name kept for pictures of none of the classes. Train it again with another name for the class.</source>
        <translation>Dieses Modell hat eine Klasse „{class_name}“; der Name ist für Bilder reserviert, die keine der Klassen zeigen. Trainieren Sie es erneut, mit einem anderen Namen für die Klasse.</translation>
    </message>
    <message>
        <source>This model takes pictures of {width} x {height} pixels; only square inputs are supported.</source>
        <translation>Dieses Modell erwartet Bilder mit {width} × {height} Pixeln; unterstützt werden nur quadratische Eingaben.</translation>
    </message>
    <message>
        <source>This was not saved, because it holds a sign or a number that could not be read back. Type it again.</source>
        <translation>Das wurde nicht gespeichert, denn es enthält ein Zeichen oder eine Zahl, die sich nicht wieder lesen ließe. Geben Sie es neu ein.</translation>
    </message>
    <message>
        <source>To learn from names alone takes two or more pictures. Add pictures.</source>
        <translation>Um nur aus Namen zu lernen, braucht es mindestens zwei Bilder. Fügen Sie Bilder hinzu.</translation>
    </message>
    <message>
        <source>Type a class name.</source>
        <translation>Geben Sie einen Klassennamen ein.</translation>
    </message>
    <message>
        <source>Type what to look for.</source>
        <translation>Geben Sie ein, wonach gesucht werden soll.</translation>
    </message>
    <message>
        <source>Unpacking {path} takes {needed:,} MB, and {free:,} MB are free. Free some space, or move the archive to another drive. Nothing was changed.</source>
        <translation>Zum Entpacken von {path} werden {needed:,}&#xa0;MB gebraucht, frei sind nur {free:,}&#xa0;MB. Geben Sie Speicherplatz frei, oder verschieben Sie das Archiv auf ein anderes Laufwerk. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>What was measured in &apos;{run}&apos; cannot be read.</source>
        <translation>Die Messwerte von „{run}“ lassen sich nicht lesen.</translation>
    </message>
    <message>
        <source>Writing {path} would replace what is read from {source}. Choose another place; nothing was changed.</source>
        <translation>{path} zu schreiben würde ersetzen, was aus {source} gelesen wird. Wählen Sie einen anderen Ort; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>there is no picture in it</source>
        <translation>es ist kein Bild darin</translation>
    </message>
    <message>
        <source>{backup} cannot be restored: {problem}. Nothing was changed.</source>
        <translation>{backup} lässt sich nicht wiederherstellen: {problem}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{backup} could not be copied whole. Nothing was changed; check the drive.</source>
        <translation>{backup} ließ sich nicht vollständig kopieren. Es wurde nichts geändert; prüfen Sie das Laufwerk.</translation>
    </message>
    <message>
        <source>{files} cannot be labelled: {problem}. Leave files with a problem out, or repair them and import them again.</source>
        <translation>Labeln nicht möglich: {files} ({problem}). Lassen Sie Dateien mit einem Problem weg oder reparieren Sie sie und importieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>{file} already exists. Choose another name. Nothing was changed.</source>
        <translation>{file} ist schon vorhanden. Wählen Sie einen anderen Namen. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{file} could not be read as weights of {model}: it is damaged, or holds program code, which is never run. Pick a {suffix} file of the same model. ({reason})</source>
        <translation>{file} konnte nicht als Gewichte von {model} gelesen werden: Die Datei ist beschädigt oder enthält Programmcode, der nie ausgeführt wird. Wählen Sie eine {suffix}-Datei desselben Modells. ({reason})</translation>
    </message>
    <message>
        <source>{file} has no column of pictures. It has {columns}. Nothing was changed.</source>
        <translation>{file} hat keine Spalte mit Bildern. Es gibt {columns}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{file} holds boxes. They mark parts of pictures, so their labels are not those of whole pictures. If each picture has one label, choose its column. Nothing was changed.</source>
        <translation>{file} enthält Rahmen. Sie markieren Teile von Bildern, ihre Labels sind also nicht die ganzer Bilder. Hat jedes Bild ein Label, wählen Sie dessen Spalte. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{file} is gone</source>
        <translation>{file} ist nicht mehr vorhanden</translation>
    </message>
    <message>
        <source>{file} is left as it is: {reason}</source>
        <translation>{file} bleibt, wie es ist: {reason}</translation>
    </message>
    <message>
        <source>{file} is not a readable weights file. Pick one of {suffixes}.</source>
        <translation>{file} ist keine lesbare Gewichtsdatei. Wählen Sie eine Datei mit einer dieser Endungen: {suffixes}.</translation>
    </message>
    <message>
        <source>{file} names no files that can be read. Nothing was changed.</source>
        <translation>{file} nennt keine lesbaren Dateien. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{folder} already exists and is not empty. Choose another name or folder.</source>
        <translation>{folder} ist schon vorhanden und nicht leer. Wählen Sie einen anderen Namen oder Ordner.</translation>
    </message>
    <message>
        <source>{folder} already exists. Open it, or choose another name or place.</source>
        <translation>{folder} gibt es schon. Öffnen Sie es oder wählen Sie einen anderen Namen oder Ort.</translation>
    </message>
    <message>
        <source>{folder} could not be cleared ({reason}). Change its permissions, or close the program that uses it, and try again.</source>
        <translation>{folder} konnte nicht geleert werden ({reason}). Ändern Sie die Zugriffsrechte oder schließen Sie das Programm, das den Ordner verwendet, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>{folder} could not be looked at: {reason}.</source>
        <translation>{folder} ließ sich nicht prüfen: {reason}.</translation>
    </message>
    <message>
        <source>{folder} has no backup that can be restored.</source>
        <translation>{folder} enthält keine Sicherung, die sich wiederherstellen lässt.</translation>
    </message>
    <message>
        <source>{folder} holds a selection of rows, as old versions of datasets write it. Call flatten_indices() and save it again. Nothing was changed.</source>
        <translation>{folder} enthält eine Auswahl von Zeilen, wie alte Versionen von datasets sie schreiben. Rufen Sie flatten_indices() auf und speichern Sie neu. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{folder} holds boxes or masks, as in a YOLO data set. They mark parts of pictures, so they are not labels here. To import the pictures alone, choose the format &apos;{format}&apos; (pictures). Nothing was changed.</source>
        <translation>{folder} enthält Rahmen oder Masken wie ein YOLO-Datensatz. Sie markieren Teile von Bildern und sind hier keine Labels. Um nur die Bilder zu importieren, wählen Sie das Format „{format}“ (pictures). Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{folder} is a file, so {path} cannot be written. Choose another place.</source>
        <translation>{folder} ist eine Datei, daher kann {path} nicht geschrieben werden. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{folder} is not there. If it is on a drive, plug it in.</source>
        <translation>{folder} wurde nicht gefunden. Wenn es auf einem Laufwerk liegt, schließen Sie dieses an.</translation>
    </message>
    <message>
        <source>{folder} is not there. If it was moved, open it at its new place; if it is on a drive, plug it in.</source>
        <translation>{folder} wurde nicht gefunden. Wenn es verschoben wurde, öffnen Sie es am neuen Ort; wenn es auf einem Laufwerk liegt, schließen Sie dieses an.</translation>
    </message>
    <message>
        <source>{folder} is on a drive that cannot lock files ({reason}), so two windows could damage the project. Copy the project to a local drive and open it there.</source>
        <translation>{folder} liegt auf einem Laufwerk, das Dateien nicht sperren kann ({reason}). Zwei Fenster könnten das Projekt deshalb beschädigen. Kopieren Sie es auf ein lokales Laufwerk und öffnen Sie es dort.</translation>
    </message>
    <message>
        <source>{folder} is open in another window or used by a command. Close it there, or wait for the command.</source>
        <translation>Das Projekt {folder} ist in einem anderen Fenster geöffnet oder wird von einem Befehl benutzt. Schließen Sie es dort oder warten Sie, bis der Befehl fertig ist.</translation>
    </message>
    <message>
        <source>{folder} was made by a newer version of this program (its format is {version}, this program reads up to {newest}). Update the program to open it.</source>
        <translation>Das Projekt {folder} stammt von einer neueren Version dieses Programms (sein Format ist {version}, dieses Programm liest bis {newest}). Aktualisieren Sie das Programm, um es zu öffnen.</translation>
    </message>
    <message>
        <source>{folder} was made by a version of this program from before its first release, which this one does not read. Export its labels as CSV with that version, and import them into a new project.</source>
        <translation>Das Projekt {folder} stammt von einer Version dieses Programms vor der ersten Veröffentlichung, deren Projekte diese nicht liest. Exportieren Sie seine Labels mit jener Version als CSV und importieren Sie sie in ein neues Projekt.</translation>
    </message>
    <message>
        <source>{format} can only be read. Choose another format.</source>
        <translation>„{format}“ kann nur gelesen werden. Wählen Sie ein anderes Format.</translation>
    </message>
    <message>
        <source>{format} cannot be written with pictures &apos;{choice}&apos;. There is: {ways}.</source>
        <translation>„{format}“ kann nicht mit der Bildoption „{choice}“ geschrieben werden. Möglich: {ways}.</translation>
    </message>
    <message>
        <source>{format} finds its pictures beside itself. Leave the folder of the pictures out.</source>
        <translation>{format} findet die Bilder am eigenen Ort. Geben Sie keinen Ordner der Bilder an.</translation>
    </message>
    <message>
        <source>{format} has no column for &apos;{role}&apos; that could be chosen. There are: {roles}.</source>
        <translation>{format} hat keine wählbare Spalte für „{role}“. Vorhanden: {roles}.</translation>
    </message>
    <message>
        <source>{method} does not fit this backbone: {reason}.</source>
        <translation>{method} passt nicht zu diesem Backbone: {reason}.</translation>
    </message>
    <message>
        <source>{method} has no option {options}. {takes}</source>
        <translation>Unbekannte Option der Methode {method}: {options}. {takes}</translation>
    </message>
    <message numerus="yes">
        <source>{names} is already in the list of classes. Give each class a name of its own.</source>
        <comment>{names} are already in the list of classes. Give each class a name of its own.</comment>
        <translation>
            <numerusform>{names} steht schon in der Liste der Klassen. Geben Sie jeder Klasse einen eigenen Namen.</numerusform>
            <numerusform>{names} stehen schon in der Liste der Klassen. Geben Sie jeder Klasse einen eigenen Namen.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} in {folder} is a link to another place, where this project could overwrite what is not its own. Nothing was opened. Put a real file or folder in its place.</source>
        <translation>{name} in {folder} ist eine Verknüpfung zu einem anderen Ort, an dem dieses Projekt Fremdes überschreiben könnte. Es wurde nichts geöffnet. Legen Sie an ihre Stelle eine echte Datei oder einen echten Ordner.</translation>
    </message>
    <message>
        <source>{option}: {value!r} is not usable. Give {allowed}.</source>
        <translation>{option}: „{value}“ ist nicht zulässig. Erlaubt: {allowed}.</translation>
    </message>
    <message>
        <source>{path} cannot be read as a table: {reason}. Nothing was changed.</source>
        <translation>{path} ist keine lesbare Tabelle: {reason}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}. Check its permissions.</source>
        <translation>{path} kann nicht gelesen werden: {reason}. Prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>{path} cannot be unpacked: {reason}. Nothing was changed.</source>
        <translation>{path} lässt sich nicht entpacken: {reason}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} cannot be used: no training leaves {place} of {number:g}. Train again, or choose another file.</source>
        <translation>{path} ist nicht verwendbar: Kein Training ergibt {number:g} für {place}. Trainieren Sie neu, oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} cannot be used: no training produces weights like these, and every picture would get the same answer. Train again, or choose another file.</source>
        <translation>{path} kann nicht verwendet werden: Seine Gewichte sind so, wie sie kein Training hinterlässt, und jedes Bild bekäme dieselbe Antwort. Trainieren Sie neu, oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} cannot be used: {reason}</source>
        <translation>{path} kann nicht verwendet werden: {reason}</translation>
    </message>
    <message>
        <source>{path} cannot be used: {reason}. Delete the folder {folder}: it will be computed anew.</source>
        <translation>{path} kann nicht verwendet werden: {reason}. Löschen Sie den Ordner {folder}: Er wird neu berechnet.</translation>
    </message>
    <message>
        <source>{path} could not be read: {reason}. Nothing was changed.</source>
        <translation>{path} ließ sich nicht lesen: {reason}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} declares a document type, which is not read. Nothing was changed.</source>
        <translation>{path} deklariert einen Dokumenttyp; so etwas wird nicht gelesen. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} ends before row {row}.</source>
        <translation>{path} endet vor Zeile {row}.</translation>
    </message>
    <message>
        <source>{path} has a password. Unpack it first, then import the folder. Nothing was changed.</source>
        <translation>{path} hat ein Passwort. Entpacken Sie es zuerst und importieren Sie dann den Ordner. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} holds no files. Nothing was changed.</source>
        <translation>{path} enthält keine Dateien. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} holds several tables ({tables}). Import one of them. Nothing was changed.</source>
        <translation>{path} enthält mehrere Tabellen ({tables}). Importieren Sie eine davon. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a model file or a project. Choose the .safetensors file.</source>
        <translation>{path} ist ein Ordner, keine Modelldatei und kein Projekt. Wählen Sie die .safetensors-Datei.</translation>
    </message>
    <message>
        <source>{path} is a folder. Give the name of the file to write.</source>
        <translation>{path} ist ein Ordner. Geben Sie den Namen der Datei an, die geschrieben werden soll.</translation>
    </message>
    <message>
        <source>{path} is cut off.</source>
        <translation>{path} ist abgeschnitten.</translation>
    </message>
    <message>
        <source>{path} is damaged, or not an archive that can be read. Nothing was changed.</source>
        <translation>{path} ist beschädigt oder kein lesbares Archiv. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is empty. Nothing was changed.</source>
        <translation>{path} ist leer. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is in no format that was recognised. Found: {found}. {advice}</source>
        <translation>{path} hat kein Format, das erkannt wurde. Gefunden: {found}. {advice}</translation>
    </message>
    <message>
        <source>{path} is in the project {folder}, where only this program keeps files. Choose another place; nothing was changed.</source>
        <translation>{path} liegt im Projekt {folder}, in dem nur dieses Programm Dateien ablegt. Wählen Sie einen anderen Ort; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{path} is not Label Studio&apos;s: it is not a list of tasks. Nothing was changed.</source>
        <translation>{path} stammt nicht aus Label Studio: Es ist keine Liste von Tasks. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is not a CoOp split: it must hold &apos;train&apos;, &apos;val&apos; and &apos;test&apos;, each a list of [picture, label, name].</source>
        <translation>{path} ist keine CoOp-Aufteilung: Sie muss „train“, „val“ und „test“ enthalten, jeweils eine Liste von [Bild, Label, Name].</translation>
    </message>
    <message>
        <source>{path} is not a folder. Nothing was opened. Put a real folder in its place.</source>
        <translation>{path} ist kein Ordner. Es wurde nichts geöffnet. Legen Sie einen echten Ordner an seine Stelle.</translation>
    </message>
    <message>
        <source>{path} is not an adapter file of mma-desktop. Choose a file that was exported here.</source>
        <translation>{path} ist keine Adapterdatei von mma-desktop. Wählen Sie eine Datei, die hier exportiert wurde.</translation>
    </message>
    <message>
        <source>{path} is not there. Check the name, or plug its drive in.</source>
        <translation>{path} wurde nicht gefunden. Prüfen Sie den Namen oder schließen Sie das Laufwerk an.</translation>
    </message>
    <message>
        <source>{path} is not valid JSON ({reason}): it may be cut off. Export it again. Nothing was changed.</source>
        <translation>{path} ist kein gültiges JSON ({reason}): Womöglich ist die Datei abgeschnitten. Exportieren Sie sie noch einmal. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is not valid XML ({reason}). Export it again. Nothing was changed.</source>
        <translation>{path} ist kein gültiges XML ({reason}). Exportieren Sie die Datei noch einmal. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is not written in UTF-8 or UTF-16 (byte {byte}). Save it as UTF-8 (in a spreadsheet: &apos;CSV UTF-8&apos;) and import it again. Nothing was changed.</source>
        <translation>{path} ist nicht in UTF-8 oder UTF-16 geschrieben (Byte {byte}). Speichern Sie die Datei als UTF-8 (in einer Tabellenkalkulation: „CSV UTF-8“) und importieren Sie sie noch einmal. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} is not {tool}&apos;s: it has no &apos;{key}&apos;. Nothing was changed.</source>
        <translation>{path} ist nicht von {tool}: „{key}“ fehlt darin. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path} was not made by this program, so {folder} is not a project. Choose another folder.</source>
        <translation>{path} stammt nicht von diesem Programm, also ist {folder} kein Projekt. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of mma-desktop (format {number}; this one reads up to {newest}). Update mma-desktop to use it.</source>
        <translation>{path} wurde von einer neueren Version von mma-desktop geschrieben (Format {number}; diese Version liest bis {newest}). Aktualisieren Sie mma-desktop, um die Datei zu verwenden.</translation>
    </message>
    <message>
        <source>{path} was written by a version of mma-desktop from before its first release. Train again: labels and classes are as they were.</source>
        <translation>{path} wurde von einer Version von mma-desktop vor der ersten Veröffentlichung geschrieben. Trainieren Sie neu: Labels und Klassen sind, wie sie waren.</translation>
    </message>
    <message>
        <source>{path} would be larger than {limit} GB. Write fewer images; nothing was lost.</source>
        <translation>{path} würde größer als {limit}&#xa0;GB. Schreiben Sie weniger Bilder; es ging nichts verloren.</translation>
    </message>
    <message>
        <source>{path} would unpack to more than is sensible for its size, or to more than {n:,} files. If you trust it, unpack it first, then import the folder. Nothing was changed.</source>
        <translation>{path} würde zu mehr entpackt, als für seine Größe sinnvoll ist, oder zu mehr als {n:,} Dateien. Wenn Sie ihm vertrauen, entpacken Sie es zuerst und importieren Sie dann den Ordner. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{path}: labels must be 0, 1, 2 and so on.</source>
        <translation>{path}: Die Labels müssen 0, 1, 2 und so weiter sein.</translation>
    </message>
    <message>
        <source>{question} Nothing was imported.</source>
        <translation>{question} Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>{reason} Nothing was imported.</source>
        <translation>{reason} Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>{source} gives a picture several labels ({example}). Here a picture has one label, so multi-label data is not imported. Nothing was changed.</source>
        <translation>{source} gibt einem Bild mehrere Labels ({example}). Hier hat ein Bild ein Label, darum werden Daten mit mehreren Labels nicht importiert. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{source} lists no picture. Expected for {format}: {about} Nothing was changed.</source>
        <translation>{source} führt kein Bild auf. Für {format} wird erwartet: {about} Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{source} was trained with the image model {other}, and this project looks at its pictures with {own}. Choose {other} under Train, then load it again.</source>
        <translation>{source} wurde mit dem Bildmodell {other} trainiert, und dieses Projekt sieht seine Bilder mit {own} an. Wählen Sie {other} unter Trainieren, und laden Sie es dann erneut.</translation>
    </message>
    <message>
        <source>{variable} is &apos;{given}&apos;, which is no number of gigabytes. Set it to one, such as 2, or to nothing.</source>
        <translation>{variable} ist „{given}“ und damit keine Zahl von Gigabyte. Geben Sie eine Zahl an, etwa 2, oder lassen Sie die Variable leer.</translation>
    </message>
    <message numerus="yes">
        <source>{words!r} and {n} context vector do not fit into the {limit} tokens that the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.</source>
        <comment>{words!r} and {n} context vectors do not fit into the {limit} tokens that the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.</comment>
        <translation>
            <numerusform>„{words}“ und {n} Kontextvektor passen nicht in die {limit} Token, die das Backbone {backbone} liest. Geben Sie der Klasse einen kürzeren Namen oder lassen Sie weniger Vektoren lernen.</numerusform>
            <numerusform>„{words}“ und {n} Kontextvektoren passen nicht in die {limit} Token, die das Backbone {backbone} liest. Geben Sie der Klasse einen kürzeren Namen oder lassen Sie weniger Vektoren lernen.</numerusform>
        </translation>
    </message>
</context>
</TS>
