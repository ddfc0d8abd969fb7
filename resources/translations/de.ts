<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>&amp;About mma-desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Adapter checkpoint…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All base: for a classifier you want to use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Backbone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Compare methods…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;First half base, second half new: to measure, as the paper does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Import folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Labels as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;More like the selected images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Names and prompts…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New project…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Only import the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open project…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pictures in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Predictions as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo {edit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace labels and splits that are there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Same as last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Same as last: {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Splits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Start training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Suggest shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo {edit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Unlabelled pictures too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Use folder names as classes and labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Whole classifier…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{address}&apos; is a remote address, and nothing is fetched. Download it, then name the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{address}&apos; is no address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{beginning}…&apos; is longer than 200 characters. Shorten it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; and &apos;{other_class}&apos; are the same name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; and &apos;{other_class}&apos; nearly coincide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; is a new class: it has no shots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; is hardly recognised by its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; is the only new class, and among one name every answer is right: new accuracy needs at least two new classes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; may be unknown to the text encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; may not be understood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; says nothing of what is on the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; says what is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{class_name}&apos; was made a new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{colour}&apos; is no colour. Write it as # and six hexadecimal digits, such as #4477aa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{column}&apos; is no single label; the picture was taken without one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{file}&apos; is kept by Label Studio itself; choose the folder that holds these pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{key}&apos; cannot be a key. Use one letter, digit or sign.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{label}&apos; is taken as &apos;{class_name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{none_of_these}&apos; below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{old_name}&apos; was renamed &apos;{new_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; has the name of a device ({part})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is a path of another computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is an absolute path; only files inside {folder} are taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; is no file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; leads out of its folder (..)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{path}&apos; names a part of a file ({part})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{run}&apos; was trained with the backbone {backbone}. Load that backbone to measure it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{run}&apos; written to {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{whole}&apos; may hold &apos;{part}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(about the same)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(none)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>({runs} better)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0: train all epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100%, pixel by pixel (double click)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95% interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95% interval {interval}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95% interval {low} to {high}, {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>?: all keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A JSON file beside each picture, with one flag set: its class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A backup was made, but {labels_file} could not be brought up to date. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A benchmark needs images for testing: label more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A benchmark needs images for training: label more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bottleneck on the image embeddings alone, blended with what they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A class needs a name. Type at least one character.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A classifier is exported from the processor. Load it with the device cpu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A classifier of the method {method} with the backbone {backbone} cannot be written as {format} ({reason}). Nothing was written; choose another format, or another method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fair comparison: the same test images, class names and roles.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A feature file needs at least two classes. Add another class first; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file or folder of another tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file with a problem cannot be labelled. Its reason is below its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder cannot have {letters} in its name. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A linear map of the image embeddings that starts at the identity and is held there by a penalty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A nearest image of the tested picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new project is made of them, or click to choose a folder. A folder with one sub-folder a class brings its labels along.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A number of the advanced recipe is not usable. Correct it, or reset the recipe to the method&apos;s own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A picture carries one label: the one it had, or the first one that it was given in this import.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A project is a folder that holds labels, embeddings and trained adapters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A prompt template needs {} where the class name goes, or {definition} for what it means.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A prototype for each base class, held at its text embedding as firmly as zero-shot is right about it. New classes stay zero-shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A residual on each base class&apos;s text embedding. New classes stay zero-shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A template is longer than {longest} characters. Shorten it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A training is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A training is running. Restore the settings when it is over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A training needs a name. Type at least one character.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About mma-desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept</source>
        <comment>job</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all, or keep one copy, and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the selected predictions as labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept what is proposed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept what is proposed for the selected images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracies of the trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracies, size and time of each method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy among all class names, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy before and after training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy before and after training, of each class too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy by shots a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy of all images among all class names, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy of each class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy of each class before and after training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy of the backbone without any training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy of what is kept by the share that is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy on base classes among base names, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy on base classes, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy on new classes among new names, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy on new classes, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy with the trained adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapt text embeddings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapted confidences are calibrated: softened or sharpened to fit pictures that were not trained on (validation images, or held-out shots); answers that are new names are brought to zero-shot&apos;s range.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapted minus zero-shot, in percentage points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapted share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapter (*.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapter guesses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapter: none of these guesses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &apos;{name}&apos; as a new class first, then label images with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &apos;{name}&apos; as a new class of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add classes: cat, dog, …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add pictures on the Label page, or drop them anywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add pictures to predict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the names of your classes on the left. Then select images and press the key of their class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add these classes (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Add {images}, or train with {n} shot a class.</source>
        <comment>Add {images}, or train with {n} shots a class.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Add {name} as a new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Add {n} class</source>
        <comment>Add {n} classes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add {n} more labelled image to train on.</source>
        <comment>Add {n} more labelled images to train on.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Additive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aircraft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All classes base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All classes together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All labels, as a training divides them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All of the picture (0, double click)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All of them are dealt with. Ask for suggestions again, or close the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All unlabelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All were measured on the same {n} labelled image. The best of {tried} looks better than it will be on other pictures, because chance has a part in who comes first.</source>
        <comment>All were measured on the same {n} labelled images. The best of {tried} looks better than it will be on other pictures, because chance has a part in who comes first.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All {n} epoch</source>
        <comment>All {n} epochs</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Also how numbers and dates are written. A change counts from the next start of the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the classes and the typed names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the images the training in use was trained or selected on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the labelled images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the shots of the training in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An ImageClassificationDataset: the pictures in data, their classes in labels.json; one such folder a split.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer below this confidence is given as &apos;None of these&apos; wherever this adapter predicts: here, in exports, on the command line. 0% turns it off. It can be changed at any time, without training again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An ensemble: the mean of what the text encoder makes of each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another name for &apos;{class_name}&apos;. Predictions follow at once; nothing is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another training is being measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another window or program has been writing to {folder} for {seconds:.0f} seconds. Close it, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer &apos;{none_of_these}&apos; below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any model of open_clip, as MODEL/PRETRAINED: ViT-L-14/laion2b_s32b_b82k, say. Type a part of the name to see those that have it. Nothing is downloaded before you ask for it on the Train page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apple GPU (MPS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apr</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As CoOp, but the vectors also depend on the image. Very slow: each image has texts of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As hard links: no space, but an edit of one edits both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As marked on the labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As {format} this classifier answers otherwise than here (probabilities differ by up to {difference:.2g}, allowed is {tolerance:g}), so {path} was not written. Choose another format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aug</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B minus A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the grid (Escape)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the open project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backbone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backbone of new projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backing up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups, newest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bars show how many answers are right at each confidence, among all class names. On the dashed line confidences are exactly right; hatched is what is missing or too much. The strip above shows how many images a bar stands on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base</source>
        <comment>role of a class</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy is estimated by 4-fold cross-validation: every labelled base image was a shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy measured on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy was measured by cross-validation over different shots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy was measured on held-out images in one and by cross-validation in another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base accuracy was not measured: no labelled image was left over for testing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base against new accuracy of each method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base and new accuracy by epoch, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base class: it is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base classes (estimated by cross-validation)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base classes among base names, new classes among new names. The confusion matrix is among all names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base, with 95% interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch size and epochs must be at least 1, and the patience at least 0. Correct the recipe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Better or worse where at least {images} and {points:g} percentage points changed; less than that is about the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Big preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Big preview (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By &amp;words…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By the date of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;heck the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV table (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Caches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed on disk. The file was changed; the label belongs to the picture that was added. If it is still a picture, import it again to add that one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the name and choose this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file: CSV, JSON, metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder for the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder of pictures (Ctrl+I)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder where files that are gone from their places are now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder: class folders, or a data set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture to test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a weights file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose at least one method to compare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose from the library, with accuracies (Names and prompts)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose methods on the left, then press Start. Those that are ticked take seconds each; results appear here one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of {methods}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of: {backbones}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one on the Train page, or try to load it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the columns of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder that relative file names start from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder that the project is made in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder to write into</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder to write into.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose weights file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose {setting}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class &amp;folders…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class folders (ImageFolder)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class folders written to {folder}: {count_sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class key: label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class names in many languages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class that is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes that match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify the labelled images by name alone, with each of these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classifying a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear {cache}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clearing {cache}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to show its images, F2 to rename, Del to delete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the list and show all images (Escape)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the preview (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the project first (Ctrl+W)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close; a comparison goes on in the background (Escape)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column of file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column of label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column of split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns of the trainings; click one to sort by it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare methods</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare methods: {said}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare methods…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the selected trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the selected trainings side by side (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare {count}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing methods</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing shots and tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing with the training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparison written to {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence below which the answer is none of these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence {low:.0f} to {high:.0f}%: {images}, {accuracy} right, {confidence} sure on average.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidences that are exactly right would show about {chance:.1f} on {images}, by chance alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context vectors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <comment>report</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies of one picture carry different labels. Give all of them one class first, then keep one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies of one picture, {at} of {count}: {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy both tables as tab-separated text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy class folders into</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy paths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy report: copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the matrix as tab-separated text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the table as tab-separated text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the table that is shown as tab-separated text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the whole list</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Copy versions, device and the last {n} line of the log; your home folder is written as ~</source>
        <comment>Copy versions, device and the last {n} lines of the log; your home folder is written as ~</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Copying class folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine of the embeddings, 1 for the same picture. Enter or a click shows the image on the Label page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cross-validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cross-validation, fold {fold} of {folds}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data set: {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date, newest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date, oldest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete &apos;{run}&apos; with its adapter?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the selected trainings with their adapters (Delete)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what is in {folder}; it is {made_again}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Delete {n} class</source>
        <comment>Delete {n} classes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete {n} training with its adapter?</source>
        <comment>Delete {n} trainings with their adapters?</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted &apos;{class_name}&apos; and {labels}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted &apos;{class_name}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted {classes} and {labels}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted {classes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you mean {backbones} or {last}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you mean {backbone}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you mean {method}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismissing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dot: same as last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Down-projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download {size:,} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading {done} of {total} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawing the sample pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws the shots and the start of the adapter; the same seed gives the same result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a picture here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a picture, or paste one with Ctrl+V</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop anywhere to add to {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop folders or pictures anywhere in this window, paste them with Ctrl+V, or choose a folder. Your files stay where they are. A folder that holds one folder a class can give its names as classes and labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop pictures or folders here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop pictures or folders here, or press Enter to choose a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop your pictures, name the classes, and label about 16 of each. Suggestions help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ECE {ece:.1f} points on {images}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each class among the names of its own role, with the adapter. A run is called better in a class where at least {images} and {points:g} percentage points lie between the runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each folder holds pictures of one class. Its name can become their label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each method appears here as a point when it is trained: right is better on base classes, up on new ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Each point was measured by cross-validation, once: a part of the shots is held out in turn.</source>
        <comment>Each point was measured by cross-validation, {n} times with other shots: a part of the shots is held out in turn.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Each point was trained once and measured on the same test images.</source>
        <comment>Each point was trained {n} times with other shots and measured on the same test images.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Edit the templates, one a line: several make an ensemble</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit these templates, one a line, and use them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EfficientNet-Lite0 and all-MiniLM-L6-v2, joined by ConSE (Norouzi et al. 2014)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embed images as soon as they are imported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embed now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embedding pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embeddings of commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode the pictures so that they can be classified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enough labels?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Ensemble of {n} template</source>
        <comment>Ensemble of {n} templates</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Enter accepts the selected ones; the key of another class corrects them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens the project, Delete takes it off the list (the project stays where it is)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter: accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epoch {epoch} of {max_epochs}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every class is trained, so accuracy on new classes is not measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every class is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every class is trained: for a classifier you want to use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file holds the picture that was added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file is at one of its places.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file that was added has a problem. Look at Problems for the reasons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file that was added is a usable picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every finished training is kept here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every image is labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every picture comes in without a label; you name the classes yourself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every picture is labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every picture of this list is here once now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every setting as it was at the first start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every word of &apos;{whole}&apos; is in &apos;{part}&apos;, so both may be right for a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected calibration error (ECE): {before:.1f} points before training, {after:.1f} after, on the same {images}, base classes by cross-validation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected calibration error (ECE): {before:.1f} points before training, {after:.1f} after, on the same {images}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export adapter…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export for another tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export predictions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export predictions…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the adapter in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the adapter of &apos;{run}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the whole classifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting the whole classifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;eatures…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Factorised</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fahes et al. 2024, the variant for features after the projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Features (*.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch this model from the internet and load it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File &amp;name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File names below the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File or folder to import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that could not be read as pictures, with the reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filtering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find &amp;missing images…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find images by words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find it again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find labels that look wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find near duplicates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find them again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings about the class names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First half base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First half base, second half new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First what looks least like the others of its class: outliers, wrong labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First what looks most like the others of its class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit, {scale}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for new projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder to write into</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Food</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For another &amp;tool…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a heap of pictures to a trained classifier, with a few labels a class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the prompts that CLIP&apos;s authors published for each data set (Radford et al. 2021). They never say &apos;an&apos;, and their figures were measured so. The definitions of &apos;Photo and dictionary&apos; are WordNet&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {before} to {after} shots base accuracy changed by {points} points ({interval})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {before} to {after} shots base accuracy fell by {points:.1f} points ({interval}): more labels of this kind do not help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {before} to {after} shots base accuracy rose by {points:.1f} points ({interval}): more shots still help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {threshold} on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give &apos;{name}&apos; another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give every image of this list the class that it looks like</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a name without slashes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the project a name that neither starts nor ends with a dot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the selected images the class of that key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give this training another name (F2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give unsure answers as &apos;None of these&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to an earlier state of {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with {job}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going through suggestions, suspected labels or copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>H of the backbone without any training, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harmonic mean (H)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harmonic mean H</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Harmonic mean of base and new accuracy, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have I labelled enough?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have I labelled enough? Accuracy with fewer shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out test images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest minus lowest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Home</source>
        <comment>page</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Home, Label, Train, Predict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How a class name is put to the text encoder. {} stands for the name, {definition} for what a dictionary says of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How a class name is put to the text encoder; {} stands for the name. Empty: what suits the backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the confidences can be trusted, before and after training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How firmly the maps are held at the identity; divided by the shots a class. More keeps new classes, less learns more of the base classes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many labelled images of each base class are trained on. The paper uses 16.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many numbers are learned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many prompts are learned.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many vectors are learned before the class name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of each embedding is replaced by its adapted version: 0 is zero-shot, 1 the adapter alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of what is kept should be right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identity adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If every &apos;{part}&apos; is a &apos;{whole}&apos;, rename &apos;{whole}&apos; to what the others of it are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If they are one class, give all its images one of the two and delete the other. If not, rename one by what sets it apart on a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If they are one class, use one name. If not, rename one by what sets it apart on a picture; and make both base classes with shots, since training can tell apart what names cannot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image before (K, left arrow)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {image_id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ImageNet, the six of its templates that are about drawings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ImageNet, the subset of 7 (&quot;itap&quot;: I took a picture)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images a step, at most. The paper&apos;s adapter uses 256.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images whose file is at none of its places; their labels are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images whose file was changed; their labels are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images, labels, classes and trainings become what they were then. Nothing is deleted: the database that the project has now stays in its folder under another name. Your pictures are not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import &amp;files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a CSV table, a Label Studio file, a data set of another tool, with labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a file of another tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a folder of another tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a folder of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import class folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import from another &amp;tool…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import from another tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import from {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import pictures…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Import {n} file</source>
        <comment>Import {n} files</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Import {n} picture</source>
        <comment>Import {n} pictures</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Importing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In brackets the 95% interval, n is the number of images measured: held-out test images, or for base accuracy by cross-validation the images that were trained on. {sign} marks the highest of a row. Where intervals overlap widely, a difference may be chance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In percent with 95% intervals, n = {images:,} ({parts}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In percent with 95% intervals, n = {images:,}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In percent; point at a number for its images and 95% interval. A difference within the intervals may be chance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the order they were added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the preview: zoom in, zoom out, all of it; Shift and arrows move it</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>In {n} place:</source>
        <comment>In {n} places:</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Intel GPU (XPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is the drive of the project there?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be found by its name. Name what is on these pictures, or leave the class out and let the confidence below which nothing is predicted do its work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It did not work. The window says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It ends after so many epochs without a better validation loss. With 0 all epochs are trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not known whether the test images are the same: one of these trainings did not keep it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is starred.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It takes none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It takes {options}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its images are dealt with, or not in the project any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its numbers and its adapter file in the project are deleted. This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jul</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Just added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Keep one copy</source>
        <comment>Keep one copy each of {n} pictures</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Keep one copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one copy each of {pictures} and take {images} out of the project?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one copy in all groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one in all groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the labels of the selected images; they are not listed again while the labels stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the largest image of every picture in this list, with its label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the marked image with the label; the other copies leave the project, their files stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep: {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping the threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Keeps all {n} measured image: {right} of those are right (95% interval {interval}).</source>
        <comment>Keeps all {n} measured images: {right} of those are right (95% interval {interval}).</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keeps none of {n} measured</source>
        <comment>Keeps none of {n} measured</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keeps none of {n} measured image.</source>
        <comment>Keeps none of {n} measured images.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keeps {percent} of {n} measured</source>
        <comment>Keeps {percent} of {n} measured</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keeps {percent} of {n} measured image ({kept:,}): {right} of those are right (95% interval {interval}).</source>
        <comment>Keeps {percent} of {n} measured images ({kept:,}): {right} of those are right (95% interval {interval}).</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Kept for speed alone: no label, project or adapter is in them, and each is made again when it is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept of the measured images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key {key} labels the selected images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <comment>job</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <comment>page</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label a few</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label a few photos a class and train a Multi-Modal Adapter over frozen CLIP features (Seputis, Mihailov, Chatterjee and Xiao: Multi-Modal Adapter for Vision-Language Models, 2024, arXiv:2409.02958). Everything runs on this machine: no picture, label or number leaves it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label all images of this list that have no label yet with the class it is for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label as {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label at least three images of two classes each first; wrong labels show by comparison with the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label by name: type the beginning, for classes without a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label by name…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Label from {n} class folder</source>
        <comment>Label from {n} class folders</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Label is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label some images, and the ones most like this picture are shown here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Label the image as</source>
        <comment>Label {n} images as</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Label the selected images (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the selected images as &apos;{class_name}&apos; (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the selected images with the class that was set last (.)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the selected images with what is predicted for them (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Label {n} image &apos;{class_name}&apos;</source>
        <comment>Label {n} images &apos;{class_name}&apos;</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Label {n} image as</source>
        <comment>Label {n} images as</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Label {n} image in {classes}</source>
        <comment>Label {n} images in {classes}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelled as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelled as {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelled {labelled}, predicted {predicted}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelling, in the grid or the preview of Label and Predict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels go to the copy that is kept. The files stay, and Undo brings all back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels written to {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learns a collection of prompts and treats their text embeddings as a distribution. Slow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learns the words before the class name, as vectors in front of the text encoder. Slow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confident</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confident first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confident predictions first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least typical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out, in the list already: {names} and more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out, in the list already: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Left out: {n} with different labels.</source>
        <comment>Left out: {n} with different labels.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Legend: {series}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List: {title}. {advice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lists train.txt, val.txt, test.txt of file names and class numbers, the classes in synsets.txt, the pictures in images. CVAT&apos;s other layout is class folders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the weights of this model from a file instead of the internet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the backbone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again after the next labels, or close the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at what is predicted, and try a more common name: a sailing boat rather than a ketch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look elsewhere…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for a backbone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for backbones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for missing images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for recent projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for wrong labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Looking for {n} image</source>
        <comment>Looking for {n} images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking into a backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking into the backups…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking up a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss (cross-entropy)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss and accuracy by epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss by epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make an empty project (Ctrl+N)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make base (trained)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make class &apos;{class_name}&apos; base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make class &apos;{class_name}&apos; new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make new (never trained)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Make {n} class base</source>
        <comment>Make {n} classes base</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Make {n} class new</source>
        <comment>Make {n} classes new</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Making {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Max epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure once more, with the labels of now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure this training with fewer shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured on images of the classes alone. Pictures of other things were not among them, so how many of those are caught is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured on {images}; 95% confidence interval in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Measured on {n} image.</source>
        <comment>Measured on {n} images.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Measuring prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring with fewer shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring zero-shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring {cache}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory ran out on {device}; the batches were made smaller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method {method}, backbone {backbone}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Methods that learn prompts cannot learn prompts with the backbone {backbone}; choose another method, or another backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Methods to compare; the space bar ticks one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing. The file is at none of its places. The label is kept, and trained on once it was embedded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model and weights, MODEL/PRETRAINED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models with this in their name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like the selected images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most confident</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most confident first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most confident predictions first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most like &apos;{words}&apos; first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most like the selected images first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most like the selected pictures first. Choose it again to compare with others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most likely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most likely &apos;{name}&apos; first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most likely first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most likely pictures of the selected class first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most likely {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most similar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most typical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down (Alt+Down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to the next image after a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up (Alt+Up)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move; with Shift, select</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Multi-Modal Adapter (paper)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Must be mended first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Must divide a quarter of the embedding size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NVIDIA or AMD GPU (CUDA/ROCm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name at least one class to choose from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names</source>
        <comment>of files</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names ({count})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names and prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names and prompts: findings, library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names or prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Near &amp;duplicates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearest labelled images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearest shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearest trained images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <comment>role of a class</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New accuracy (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New accuracy was not measured: among one new class everything is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New accuracy was not measured: no labelled image of a new class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New accuracy was not measured: there was no new class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New class names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New class: it is named, never trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New training, or the finished ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New, never trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next and previous group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next and previous image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next image (J, right arrow)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No adapter was trained in this project yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No adapter yet: these are zero-shot predictions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No backbone is loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No backbone is loaded yet. Wait until it is, or choose one on the Train page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No backbone is loaded yet; the accuracy can be measured when it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No backbone is loaded, so the names were looked at as words only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No class has this in its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No class name was given. Type at least one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No class was set yet. Label an image first; this key then gives the same class again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No classes yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No column is named like one of file names: the first, &apos;{column}&apos;, was taken for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No confidences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No curves kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No curves yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file name matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is embedded yet. Wait until they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is labelled yet. Label some images first; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is labelled {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image labelled {labelled} is predicted as {predicted} at the moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image matches this filter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of &apos;{class_name}&apos; was measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of a new class is labelled, so new accuracy cannot be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of this filter has &apos;{words}&apos; in its file name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image was measured. Label some images that are no shots, and train again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No label of this list looks wrong any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No labels and no training needed: the images are ranked by the name alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No name stands out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No near duplicates: no picture is here twice in another size or compression.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture is both trained on and tested with any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture is embedded yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No pictures yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No shots for {classes}. Label some images, or give the class the role new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No starred training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such curve: {letters}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No threshold keeps {percent} right on these images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No training yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No unlabelled image is predicted as {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No unlabelled picture is predicted as this class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No usable pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the labelled images is embedded yet. Wait until they are, then measure again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the pictures can be read, so there is nothing to list. Nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>None of the {n} labels looks wrong beside the others.</source>
        <comment>None of the {n} labels looks wrong beside the others.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>None of these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of these backups can be restored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of these images has a label. Label them first, then say what they are used for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of these images has a prediction yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not embedded yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not loaded yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured: no labelled image to measure on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not restored: {settings}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not sure enough: {sure}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not this class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not this class, or: the label is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not yet: {obstacle}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not: only where they are is written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be imported from this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing compared yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing could be trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is labelled yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is left in this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing leaves this machine. Pictures stay where they are and are never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to accept: these images are labelled already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to draw: a point needs base and new accuracy, and base accuracy was not measured. The table has the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to draw: a point needs base and new accuracy, and new accuracy was not measured. The table has the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Nothing to suggest: every base class has its {n} shot, or no unlabelled image is left.</source>
        <comment>Nothing to suggest: every base class has its {n} shots, or no unlabelled image is left.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Notify when a long job ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nov</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off adapts the image embeddings only (the paper&apos;s Table 2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off adapts the image embeddings only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On Home and Label: paste pictures into the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the whole as sure as right: {sure}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On your labelled images they are told apart well enough. Keep an eye on the confusion matrix.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One folder a class, in folders train, val and test where the pictures have a split.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One image was given two classes: {example}. Keep it in one of them, then try again.</source>
        <comment>{n} images were given two classes each, such as {example}. Keep each in one, then try again.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>One is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One is trained on and another tested with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One picture would be both trained on and tested with: accuracy would look too good.</source>
        <comment>{n} pictures would be both trained on and tested with: accuracy would look too good.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>One row a picture: file_name, label, split, prediction, confidence. The pictures stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One template a line; {} stands for the class name, {definition} for what a dictionary says of it. Several lines make an ensemble: the mean of what the text encoder makes of each. A name that the dictionary lacks goes without the lines with {definition}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only labelled images have a use. Label them first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only starred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the address of that picture came, and nothing is fetched from the internet. Drag the picture itself from a folder, or choose Copy image in the browser and paste it here with Ctrl+V.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;log folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a project (a folder that ends in {suffix})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a project folder (Ctrl+O)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open another project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open log folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;sample project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of the method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other open_clip model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other open_clip model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pascal VOC 2007, and the names&apos; definitions in WordNet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste a picture or a picture file (Ctrl+V)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Path copied.</source>
        <comment>{n} paths copied.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Patience</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause this job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause {job}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photo and dictionary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photo, 7 ways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture to test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.png *.webp *.gif *.bmp *.tif *.tiff *.avif *.heic);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures drawn by the program, to try everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures stay where they are; a label that somebody set here stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures that kept another label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures with a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures without a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predict</source>
        <comment>page</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predict the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predict with the adapter of the selected row (Enter in the table)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predict with the adapter of this training (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted as {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted by: {run}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted classes of the unlabelled images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predictions come once the images are embedded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predictions written to {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press S on a training to star it. Press &apos;Only starred&apos; again to show all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press a letter, a digit or a sign. With it you label the selected images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the key for {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of {job}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects that you open are listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt template</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt template of new projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt templates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt templates with their zero-shot accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt templates, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pull of the weights to zero. The paper&apos;s adapter uses 0.0001.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the settings of this training into the form, to train again with them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put {{}} where the class name goes: &apos;{template}&apos; has none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank the images by this name (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the names that open_clip knows. You can type already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to measure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to train.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: trains on {base:,} of {classes}, {shots} each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recognise it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recognised as {format}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redone: {edit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject below this confidence, in percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Relabel all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability diagram, adapted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability diagram, zero-shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remembers the shots and lets those near an image vote. New classes stay zero-shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the selected images from the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Remove {n} image</source>
        <comment>Remove {n} images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed {n} image from the project. The files stay where they are.</source>
        <comment>Removed {n} images from the project. The files stay where they are.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed {n} image from the project; Undo brings it back.</source>
        <comment>Removed {n} images from the project; Undo brings them back.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename &apos;{class_name}&apos;…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename (F2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename class &apos;{old}&apos; to &apos;{new}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename it to what one sees instead, &apos;bare head&apos; rather than &apos;without helmet&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename it to what one sees on its pictures, such as &apos;red car&apos; or &apos;oak leaf&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the class to its English name, or choose a backbone that knows many languages (SigLIP 2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename, delete trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to the method&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to what suits the backbone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset to {prompt}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Residual scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup of {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore and open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring {project}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right of what is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows with a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S: skip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as last: the class that was set last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as last: {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the adapter as one file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the adapter of this training as a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the comparison as a CSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the predictions as a CSV file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the table as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search file names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds on a laptop. The curves show what it gains on classes it saw and never saw.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See every picture classified, type a new class name, export the results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the predictions of this adapter (Predict page)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See whether every image&apos;s file is where it was, and unchanged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See which, and what to do (Names and prompts, Ctrl+Shift+N)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select 2 to {most} trainings with Ctrl or Shift.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a class in the list on the left first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select images and press its key, or drag them onto it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select images and press the key of their class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select nothing, or show all images again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one or more images first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one or more images first; the others are then sorted by how much they look like them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one or more pictures first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the one to keep, or keep the largest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Separate names by commas or lines. Enter adds them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seputis et al. 2024 (both modalities adapted), ProLIP (Fahes et al. 2024: a penalty to the pretrained weights), WiSE-FT (Wortsman et al. 2022: between the pretrained and the trained weights)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shot (trained on)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shots a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show it on the Label page (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show its images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show on the Label page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only files whose name holds this text (Ctrl+F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only starred trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the images most likely &apos;{name}&apos; first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the next notice</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show the next notice, {n} more</source>
        <comment>Show the next notice, {n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Show the pictures labelled as one class, or predicted as one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show them</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show {n} problem</source>
        <comment>Show {n} problems</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Side of a thumbnail in the grid, in pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar to {file_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Similar to {n} image</source>
        <comment>Similar to {n} images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Since the adapter in use was trained, {changes}. Training again would help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip to the next unlabelled image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slow without a GPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small and quick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some embeddings are damaged (not numbers). Clear the embeddings and embed again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in the background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sorting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space: preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Splits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Star</source>
        <comment>job</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Star</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Star the selected trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Star the selected trainings (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Star the selected trainings, or take their stars away (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starred trainings (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start (Ctrl+Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start Label Studio with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT={folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a training: loss and accuracy appear here as it runs, zero-shot dashed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a training: loss and accuracy appear here as it runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starter (comes with the program)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step size of the optimiser. The paper&apos;s adapter uses 0.005.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop measuring; nothing of it is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the training; nothing of it is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop waiting for {job}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop waiting for {job}: every label is saved, and other work goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop {job}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop; what is finished is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped before a method was finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Stopped. {n} finished training kept.</source>
        <comment>Stopped. {n} finished trainings kept.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest images for the classes and shots of now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest the next images worth labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggested for {class_name}, class {at} of {count}: {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggesting shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspected wrong &amp;labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch the selected classes between base and new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the filter away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the label away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the selected images out of the list without a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the stars of the selected trainings away (S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tasks with annotations and predictions in tasks.json, the labelling configuration beside it; pictures as local files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teach your pictures new names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Templates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test a picture from the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test images it was measured on (n)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test images of each true class by what the adapter predicted among all class names. Green is right, red is wrong. Click a cell, or walk with the arrow keys and press Enter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test the current image, on Label too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test this picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testing a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text encoders mostly pass over &apos;{word}&apos;: the name is read like its opposite.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Th&amp;eme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That class is not in the project any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That class is not there any more. Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That picture has {megapixels:,.0f} megapixels; the limit is {limit} megapixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That training is not in the project any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That training is not there any more. Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The adapter file {path} is damaged or incomplete. Copy or export it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The adapter is sure enough of every unlabelled picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The adapter is unsure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The adapter that is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone as it is: nothing is trained, every class is known by its name alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone is loading. Training can start when it is here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone is not loaded yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone {backbone} ({size}) is not on this machine and could not be downloaded ({reason}). Go online and try again, pick a weights file that you already have, or use the starter, which needs no download.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone {backbone} needs its weights file. Pick the file it was loaded from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone&apos;s own visual projection, fine-tuned and held at its pretrained value. Needs the features before the projection, so pictures are encoded once more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup of {folder} could not be verified and was not kept. Check the drive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup {backup} is not there (any more). Nothing was changed; choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backups of {folder} could not be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bars are rough: label more test images to see finer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checkpoint of &apos;{run}&apos; is gone from the project folder: train it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class has no key any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class name &apos;{class_name}&apos; holds control characters. Type it again without them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class name &apos;{class_name}&apos; is given twice. Name each class once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class name &apos;{start}…&apos; is too long. Use at most {limit} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class names alone were already as good: the adapter changes next to nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class names or their roles differ, so the choice among them was not equally hard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classes of {path} are no list of names. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classes or the shots changed since these were suggested.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classifier of {classes} is in {file}. Its probabilities of {pictures} are the same there, to within {difference:.1g}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database it had until now is kept in its folder as {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database of this project is damaged or gone, and nothing was changed so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database of {folder} is damaged, so no backup was made of it and the earlier ones are kept. Close the project and restore one of them from the start page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database of {folder} is damaged. Nothing was changed. Restore one of its backups: the start page lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database of {folder} is gone: there is no {database_file} in its folder any more. Restore one of its backups: the start page lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database of {folder} is not as this program writes it: {strangeness}. It was not opened. Nothing was changed. Ask for another copy, or restore one of its backups: the start page lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The default: one linear map for image and one for text embeddings, held close to what the backbone knows. Learns more of the base classes than the paper&apos;s adapter and keeps new class names as good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the next one is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the processor (cpu) is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}), so the training starts again on the processor (cpu).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {device} failed ({reason}). Choose the device cpu and start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full: {path} was not written. Free some space and try again; nothing was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk that holds {folder} is full; {lost}. Free some space and try again; everything saved before is safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The embedding of a class name is damaged (not numbers). Choose another backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The features in {folder} are damaged. Close the project and delete that folder: it will be computed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The features in {folder} have {found} dimensions, the backbone has {needed}. Delete that folder: it will be computed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The features in {folder} were written by a newer mma-desktop. Update the program, or delete that folder: it will be computed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first half is trained: to measure, as the paper does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first point comes in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of this project is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frozen image and text model that the adapter sits on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frozen model below it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The highest of the column.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image encoder of the backbone {backbone} does not end in a linear projection that could be trained. Choose another method, or another backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The installed timm builds another tf_efficientnet_lite0 than the starter&apos;s weights are for. Install mma-desktop again, or choose another backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The installed transformers builds another model than the starter&apos;s text weights are for. Install mma-desktop again, or choose another backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key &apos;{key}&apos; belongs to the class &apos;{class_name}&apos;. Choose another one, or free it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key &apos;{key}&apos; is used by the window itself. Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The label of {n} image will not be listed again.</source>
        <comment>The labels of {n} images will not be listed again.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The learning rate must be above 0 and the weight decay at least 0. Correct the recipe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log is in {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lowest threshold that keeps so much right</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The nearest of the other names are &apos;{class_name}&apos; and &apos;{other_class}&apos;: cosine {cosine:.2f}, nearer than {nearer} of {n} pair of related things such as violin and cello.</source>
        <comment>The nearest of the other names are &apos;{class_name}&apos; and &apos;{other_class}&apos;: cosine {cosine:.2f}, nearer than {nearer} of {n} pairs of related things such as violin and cello.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The new class {classes} needs no training: it is predicted by its name.</source>
        <comment>The new classes {classes} need no training: they are predicted by their names.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The numbers of &apos;{run}&apos; cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The numbers of one of these trainings cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The order comes with the predictions, once the images are embedded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The order needs the backbone, so the images are in the order they were added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper&apos;s backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper&apos;s: a small attention block adapts image and text embeddings together. Learns the base classes and still takes new class names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture in the page&apos;s text is damaged. Choose Copy image in the browser instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The picture is kept in it, too.</source>
        <comment>The {n} pictures are kept in it, too.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The pictures are being embedded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pictures have to be encoded once before they are classified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pictures lie on several drives, and Label Studio serves one folder: copy them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pictures with a metadata.jsonl that names their labels, in folders train, val and test where they have a split. load_dataset reads it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The project is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quickest OpenAI CLIP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report is on the clipboard. Read it before you send it: file names may be in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The second line is what the other labels say. Enter relabels the selected ones, a class key corrects them, U unlabels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings of &apos;{run}&apos; are in the form: {shots} a class, seed {seed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The smallest here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The starter comes with its own weights. Choose another backbone for your weights file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The starter&apos;s weights {file} are not the published ones (SHA-256 {found}… instead of {expected}…). The file is damaged or was changed: install mma-desktop again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The starter&apos;s weights {path} could not be read ({reason}). Install mma-desktop again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The subset &apos;{subset}&apos; is taken without a split.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test images are not the same, so a difference may come from the images alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text encoder compares pictures with the words of a name; this one holds none that a picture could match.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text encoder has no word for &apos;{word}&apos; and reads it in pieces ({pieces}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text encoder of this backbone was trained on English.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training &apos;{run}&apos; names a file outside the project. It was not opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training became unstable: its loss is no longer a number. Lower the learning rate and start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training ends after so many epochs at the latest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights file {path} is not there (any more). Pick it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights in {file} are not those of {model}. Pick that model&apos;s file, or choose the backbone that this file belongs to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights of {backbone} are not on the hub. Download them from {where} and pick the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The zero-shot suggestions need the embeddings; switch it off on a slow machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The {n} thing that you dropped is imported into it.</source>
        <comment>The {n} things that you dropped are imported into it.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Their numbers and adapter files in the project are deleted. This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Their text features have a cosine of {cosine:.2f}: nearer than {nearer} of {n} pair of related things, such as violin and cello.</source>
        <comment>Their text features have a cosine of {cosine:.2f}: nearer than {nearer} of {n} pairs of related things, such as violin and cello.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no classes yet. Type some names first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no predictions yet to accept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no predictions yet: they come once there are classes and embedded pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a class &apos;{class_name}&apos; already. Choose another name, or label the images with that class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a class &apos;{class_name}&apos; already. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no adapter file {path}. Check the name, or choose another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no backbone &quot;{backbone}&quot;. {instead}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no backup of this project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no base class to suggest shots for. Add some class names first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no base class yet: a classifier needs at least two base classes with labelled images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no class to accept: label these images by hand, or lower the threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no class yet. Add the names of your classes on the Label page first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no column &apos;{column}&apos; in {file}. It has {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no device &quot;{device}&quot;. Choose one of: {devices}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>There is no file at {path} and the {n} other.</source>
        <comment>There is no file at {path} and the {n} others.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>There is no file at {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no format &apos;{format}&apos;. There are {formats}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no format called {format!r}. Choose one of {formats}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image to write yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image to write yet. Add some pictures first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no labelled image of a base class to train on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no labelled image to measure on. Label a few of each class first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no labelled image to write yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no method called {method!r}. {hint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no picture in what you dropped. Drop pictures, folders, or an image of a page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no picture on the clipboard. Copy a picture, or picture files, then paste.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no picture whose copies agree on a label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no prediction of an unlabelled image to write yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no question &apos;{question}&apos; in {file}. It has {questions}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): use the commands, which need none, such as &apos;mma-desktop sample --headless OUT&apos; or &apos;mma-desktop train IMAGES&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no trained adapter yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no trained adapter yet. Train one on the Train page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for the backbone {backbone}, even for one at a time. Close other programs, or choose a smaller backbone such as the starter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory to learn prompts with the backbone {backbone}. Close other programs, choose a smaller backbone such as the starter, or another method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing left to predict. Import more pictures, or test one on the right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is one base class, &apos;{class_name}&apos;: a classifier needs at least two base classes with labelled images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was no picture in what you gave. JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF files are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was not enough memory for: {job}. Every label is saved. Close other programs and try again, or choose a smaller backbone such as the starter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These are left out, or taken without what is said. The rest is imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These images are &apos;{none_of_these}&apos;. Choose a class for them, or lower the threshold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These images have no embedding yet. Wait until they are embedded, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are added to {project}, or click to choose a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They carry different labels: {class_names}. Press the key of the right class, then keep one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They differ only in plural, blanks, hyphens or underscores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This adapter was trained with other weights or other preprocessing of {backbone} (fingerprint {fingerprint}, here {own}). Use the same weights, or train again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This adapter was trained with the backbone {backbone}, not with {chosen}. Choose {backbone}, or train a new adapter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This backbone is not on this computer. Download it, choose its weights file, or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This classifier has {size:.1f} GB of weights, and one ONNX file holds 2. Choose the format torchscript or torch-export, or a smaller backbone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a fault of the program, not of your pictures. Your labels are saved, you can go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>This is {n} template; at most {most} are possible.</source>
        <comment>These are {n} templates; at most {most} are possible.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This machine has no usable {device} device, so the processor (cpu) is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This method has nothing to train, so more labels change nothing. Choose another training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model takes pictures of {width} x {height} pixels; only square inputs are supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This training kept no confidences: it was made by an older version. Train again to see how good they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This training kept no curves, or had no epochs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This was not saved, because it holds a sign or a number that could not be read back. Type it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick at least one method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time of the training alone, without reading and encoding pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times the squared distance from the identity, a shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times the squared distance from the pretrained one, a shot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To measure it, give some classes the role new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too sure: {sure}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train</source>
        <comment>page</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train an adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train an adapter (Ctrl+3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train an adapter on them, or add more images to label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train and Predict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train several methods on the same shots, side by side (Ctrl+Shift+M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train the ticked methods one by one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train with what the Train page says (Ctrl+Enter there)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Train with {n} shot</source>
        <comment>Train with {n} shots</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training needs at least two base classes. Add a class, or give one the role base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training runs in the background. You can go on labelling.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training {method}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings ({count:,})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains again as this training did, with 1, 2, 4, 8 and 16 shots a class, and measures each on the same images. It runs in the background, can be paused and stopped, and the answer is kept with the training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains each chosen method on the labels at hand, {settings}, as the Train page says. Options and recipe of its form are not used: every method has its own. Each training is kept, and none is used until you choose one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains on the first half only, to measure it on classes it never saw.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transformer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>True class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try a more common or a more telling name. A training with shots of this class helps too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try any class name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two class folders have the same name but for case or blanks: {names}. Rename one of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two names can only be compared when there are two. Add classes on the Label page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a class name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a class name first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a class name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a name that nobody labelled and press Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type class names on the Label page, or try any name on the right: no labels are needed for that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type its name, MODEL/PRETRAINED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type or paste names, separated by commas or lines. Enter adds them, Shift+Enter starts a line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the names of your classes above, separated by commas, or drop a folder that has one folder a class. Then press the key of a class to label the selected images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type what to look for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Typical images that differ from each other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>U: unlabel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone: {edit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Unlabel {n} image</source>
        <comment>Unlabel {n} images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlabelled images, most likely of the selected class first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up and Down choose among the classes that match, Enter labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up-projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the recipe that the method comes with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the starter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these templates (Ctrl+Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these templates (Enter in the table)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Use {n} image as divided automatically</source>
        <comment>Use {n} images as divided automatically</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use {n} image as shots</source>
        <comment>Use {n} images as shots</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use {n} image for testing</source>
        <comment>Use {n} images for testing</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use {n} image for validation</source>
        <comment>Use {n} images for validation</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validation images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version}, Apache License 2.0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views of a training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views of the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Walk along the curve with the arrow keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Walk along the points with the arrow keys, or point at one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Walk through a chart or the confusion matrix; Enter opens a cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Walk through the bars with the arrow keys, or point at one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning: {summary}. Opens names and prompts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights (*.safetensors *.pt *.pth *.bin);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights from {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is done so far is kept, every label is saved, and the rest can be done later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is going on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is on the images? The backbone compares the words with each of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>What is shown now leaves it out.</source>
        <comment>What is shown now leaves them out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>What it keeps is not measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What stands in the way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the chosen templates make of a class name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the residuals are multiplied by.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the templates make of a class name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to know before training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where a training measured by cross-validation, the mean of its folds is drawn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where are the missing images now?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where new projects are offered. Empty: mma-desktop in your documents.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the adapted accuracy lies with 95% confidence, in percent (Wilson)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the intervals overlap, take the one that describes your pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the model runs. Automatic takes a GPU where one works, else the processor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which accuracy is drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which adapter predicts, or why there is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which classes are taken for which</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which classes are trained (base) and which are not (new)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which loss is drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>While another window is in front, the desktop shows a message when a job of over ten seconds is over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be made as {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With it, a class key labels the image and selects the next one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With one labelled image in a class there is nothing to compare. Label a few more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With one number of shots there is nothing to compare yet. Label more images of each base class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With so few labels take the one that describes your pictures, not the one with the best number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without a threshold: {percent}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work is still going on: {jobs}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Works offline at once. Knows the 1,000 ImageNet classes best; the CLIP models know far more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write at least one template.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write features and labels of every image as one .safetensors file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write picture to class probabilities as ONNX, TorchScript or torch.export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write pictures and labels for Label Studio, FiftyOne, CVAT, Hugging Face and others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing and checking ONNX needs {packages}. Install what is missing with pip install &apos;mma-desktop[onnx]&apos;, or choose the format torchscript or torch-export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing and comparing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot H</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot accuracy on your labelled images, in percent with its 95% interval. Nothing is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot guesses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot, {finding}, and {other_finding}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot, {finding}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Zero-shot, {right} of {n} labelled image is recognised (95% interval {low:.0f} to {high:.0f}%); {taken} is taken for &apos;{other_class}&apos;.</source>
        <comment>Zero-shot, {right} of {n} labelled images are recognised (95% interval {low:.0f} to {high:.0f}%); {taken} are taken for &apos;{other_class}&apos;.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Zero-shot: none of these guesses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom: {scale}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a DDS texture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a DICOM file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a FITS file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a GIMP document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a HEIC picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a PCX picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a Photoshop document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a PostScript drawing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a QOI picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a Radiance picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a Windows metafile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a camera raw file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a class has a name, a colour or a key that cannot be typed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a class that is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a deleted class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a macOS icon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a number from {low:g} to {high:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a number of at least {low:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a portable any-map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a row of its table {table} belongs to nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a row of its table {table} has a number that is never given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a row of its table {table} holds something else than it should</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a run-length encoded BMP of more than {limit:d} MB would take minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a training names a file outside the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a weights file you pick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a whole number from {low:g} to {high:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a whole number of at least {low:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {megabytes} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an SVG drawing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an icon</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>and {n} more</source>
        <comment>and {n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>attention: multi-head attention alone. transformer: a whole transformer-encoder block, slower (the paper&apos;s Table 3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base</source>
        <comment>role of a class</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base {percent} ({details})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before an update of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best epoch {best_epoch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best epoch {best_epoch}, {took}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best {best_epoch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed on disk since it was imported; import it again to use the new picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class &apos;{class_name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clearing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>counting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>damaged</source>
        <comment>of a backup</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding its {scans:d} scans would take minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding its {width:d} x {height:d} pixels would take {needed:,} MB of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deleted</source>
        <comment>adapter</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>download</source>
        <comment>noun</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>encodes the pictures once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>estimated by cross-validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>every base class now has {n} label, enough for more shots</source>
        <comment>every base class now has {n} labels, enough for more shots</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>exclusive: text and image tokens see only each other, as in the paper. additive: every token sees every other and the other modality gets a head start of 1, as in the authors&apos; released code; slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>factorised: two small layers, the parameter count the paper reports. single: one layer, as its text describes; more parameters. mlp: two layers with an activation between (the paper&apos;s Table 3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file changed on disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fold {fold} of {folds}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>has not answered for {n} minute</source>
        <comment>has not answered for {n} minutes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it begins like a {format} picture but ends after {size:d} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be decoded ({decoder_error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it could not be read ({system_error})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {limit:d} MB of EXIF data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {limit:d} chunks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {limit:d} megapixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {limit:d} segments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has no data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has no linear visual projection to fine-tune</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has not one label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has several questions ({questions}); choose one as the label</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>it has {n} label</source>
        <comment>it has {n} labels</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>it has {tags:d} tags; the limit is {limit:d}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it holds megabytes of comments before its picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it holds nothing but zeros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it holds the table {name!r}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it holds the {kind} {name!r}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no JSON that can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no file name with the number of a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no valid JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not as this program writes it, because {strangeness}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not labelme&apos;s: it has no flags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not named like a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it was taken without its label. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its annotations do not agree on one label ({labels})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its content is not that of a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its data has no &apos;{field}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its embeddings have fewer than 16 numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its header is filled up with padding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its header says {width:d} x {height:d} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its metadata was not kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its publisher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its recipe, which it did not keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its seed ({seed})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its shots ({shots})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its table {table} is built otherwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its tags say that they hold {size:,.0f} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its text encoder&apos;s configuration is not here either</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its tokenizer is not here either</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kept</source>
        <comment>adapter</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelled by its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelled by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelme flags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line {line}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>link loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looks like {class_name}, {sure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made again as pictures are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made again in seconds when the starter is loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made again when a command needs them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made by a newer version of this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured by cross-validation; shown at the end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mlp: two layers with an activation between. linear: one layer (the paper&apos;s Table 3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>needs base and new accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <comment>role of a class</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new {percent} ({details})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no backup was made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no network connection to the hub</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no training yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <comment>training time</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <comment>no questions</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <comment>no columns</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a class of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not an option of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled, adapter guess {class_name}, {sure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled, none of these: adapter guess {class_name}, only {sure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled, none of these: zero-shot guess {class_name}, only {sure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled, zero-shot guess {class_name}, {sure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: among one new class everything is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: no labelled base image is left for testing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: no labelled image of a new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: there is no new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: there is only one new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: there was no new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not starred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not trained</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not trained: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is trained</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing of it was kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing to train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing was restored or changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing: the dictionary does not know &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>numbers not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of a size the hub would tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>one picture</source>
        <comment>{n} pictures</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>open_clip knows {n} of them.</source>
        <comment>open_clip knows {n} of them.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinned as shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinned for test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinned for validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>repetitions {interval}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see its publisher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shot</source>
        <comment>use of an image</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>similarity {cosine}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slow: learns in front of the text encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>starred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suggested for {class_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switched off by HF_HUB_OFFLINE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>task {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test</source>
        <comment>use of an image</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the backbone was changed from {backbone}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>the base class {classes} was added</source>
        <comment>the base classes {classes} were added</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>the confidence &apos;{confidence}&apos; is no number from 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedding size must be a multiple of {divisor}, not {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the figures of a training are of another kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file ends before the picture does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file has {size:,.0f} MB; the limit is {limit:d} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is not there any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is still growing and too large to read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file name holds control characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the first {rows} below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header of this {format} picture is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub has no such file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the link leads back to a folder above it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the link leads back to itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the link points to a file that is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the numbers of its rows would run out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture is inside the text; only files are taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the prompt template was changed (the adapter goes on with its own)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the settings of a training are of another kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the size of its text encoder&apos;s token embeddings is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the split &apos;{split}&apos; is none of train, val and test; it was taken without one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the values of the setting {name} are of another kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the {kind} {name!r} checks its rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are now images besides the shots to select and measure with</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>there is no class {number} among {n}</source>
        <comment>there is no class {number} among {n}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>there is no file &apos;{path}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no file &apos;{path}&apos; in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no file_name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is not enough memory to decode it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this change was not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a folder, not a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a pipe, a socket or a device, not a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a pipe, a socket or a device, not a picture file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a project; open it, its pictures lie elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this program does not know its method ({method})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true \ predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>truncated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>under 1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsupported format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>val</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation</source>
        <comment>use of an image</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>vanished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what arrived is not the file that the hub names; it was not kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you have no permission to read it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zebra, red car</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zero-shot
base {accuracy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zero-shot
base {percent}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zero-shot
new {accuracy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zero-shot
new {percent}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zero-shot {accuracy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{backup} cannot be restored: {problem}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{backup} could not be copied whole. Nothing was changed; check the drive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{base} base, {new} new, {labelled:,} labelled of {usable:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cell} Press Enter to see them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{changed}. That may be chance: on so few images it cannot be told whether more labels help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{changed}: flat, so more labels are unlikely to help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{class_name}, base class: {n} unlabelled image predicted</source>
        <comment>{class_name}, base class: {n} unlabelled images predicted</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{class_name}, new class: {n} unlabelled image predicted</source>
        <comment>{class_name}, new class: {n} unlabelled images predicted</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{class_name}: what the dictionary says of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{class_name}? {sure} (adapter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{class_name}? {sure} (zero-shot)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{classes} was deleted</source>
        <comment>{classes} were deleted</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{classes} was made base</source>
        <comment>{classes} were made base</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{classes}: every labelled image is a shot, so base accuracy is estimated by 4-fold cross-validation. A few more labelled images in each class give a direct measure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{classes}: fewer than {n} shot (&apos;{fewest}&apos; has {have}).</source>
        <comment>{classes}: fewer than {n} shots (&apos;{fewest}&apos; has {have}).</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{classes}: no labelled image is left over for testing, and fewer than {shots} shots are too few for cross-validation. Base accuracy cannot be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{classes}: no labelled image. Add {images}, delete the class, or make it a new class.</source>
        <comment>{classes}: no labelled image. Add {images} for each, delete these classes, or make them new classes.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{column} {number}, the highest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{confidence} sure on average, {accuracy} right</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{confused} of {n} labelled image of &apos;{class_name}&apos; is taken for &apos;{other_class}&apos;</source>
        <comment>{confused} of {n} labelled images of &apos;{class_name}&apos; are taken for &apos;{other_class}&apos;</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{count:,} labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count:,} with a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day} {month} {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{dimensions} dimensions · {licence} · {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:,} of {total:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:,} so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{examples} and {n} more</source>
        <comment>{examples} and {n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{files} cannot be labelled: {problem}. Leave files with a problem out, or repair them and import them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} could not be read as weights of {model}: it is damaged, or holds program code, which is never run. Pick a {suffix} file of the same model. ({reason})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has no column &apos;{column}&apos;. It has {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{file} has the features of {n} image for training, {validation:,} for validation, {testing:,} for testing and {unlabelled:,} without a label.</source>
        <comment>{file} has the features of {n} images for training, {validation:,} for validation, {testing:,} for testing and {unlabelled:,} without a label.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{file} is a trained adapter. Open the project it was trained in to use it here, or classify pictures with it on the command line: mma-desktop predict &quot;{file}&quot; FOLDER</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is imported into it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is no weights file that can be read. Pick one of {suffixes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is there already. Choose another name. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is there already. Choose another name: nothing is replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{findings}. Labels and embeddings are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be written to. Change its permissions, or copy the project elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be written to. Choose another folder, or change its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be brought to this program&apos;s version, because its rows contradict each other. It was left as it was; restore a backup, or report this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be cleared ({reason}). Change its permissions, or close the program that uses it, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be looked at: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} exists already. Open it, or choose another name or place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} has no backup that can be restored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} has {file} but no list of pictures such as train.txt. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is a file, so {path} cannot be written. Choose another place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a project. Choose a folder whose name ends in {suffix}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not there (any more). Choose another folder, or plug its drive in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not there any more, or cannot be opened; {lost}. Plug its drive in or put the folder back, then open the project again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not there any more. Press Delete to forget it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not there. If it is on a drive, plug it in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not there. If it was moved, open it at its new place; if it is on a drive, plug it in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is on a drive that cannot lock files ({reason}), so two windows could damage the project. Copy the project to a local drive and open it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is open in another window or used by a command. Close it there, or wait for the command.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is there already and not empty. Choose another name or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is there already. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} was made by a newer version of this program (its format is {version}, this program reads up to {newest}). Update the program to open it. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} can only be read. Choose another format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} can only be written. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} cannot be written with pictures &apos;{choice}&apos;. There is: {ways}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} finds its pictures beside itself. Leave the folder of the pictures out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} has no column for &apos;{role}&apos; that could be chosen. There are: {roles}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{format} written to {path}: {count_sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} image found again</source>
        <comment>{found:,} of {n} images found again</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} image of &apos;{class_name}&apos; ({share}) was recognised.</source>
        <comment>{found:,} of {n} images of &apos;{class_name}&apos; ({share}) were recognised.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{found:,} of {n} image of &apos;{class_name}&apos; ({share}) was taken for &apos;{other_class}&apos;.</source>
        <comment>{found:,} of {n} images of &apos;{class_name}&apos; ({share}) were taken for &apos;{other_class}&apos;.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{images}, 95% interval {interval}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{images}, 95% interval {interval}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job} cannot be paused now, only stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job} did not answer and was given up. Every label is saved. Try it again; if it hangs once more, close the window and start the program anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job} failed: {error}. The log has the details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job} was ended, because {other_job} did not answer. Every label is saved. Start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job}. Predictions appear as soon as there are some.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job}: done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job}: failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job}: {done:,} of {total:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{job}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} asks for a class by its name in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} gives the class that was set last in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} goes to the image before in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} goes to the next image in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is the key of &apos;{class_name}&apos;. Press another key, or free it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} skips in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} unlabels in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kilobytes:.0f} KB</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{labels} and the base class {classes} were added</source>
        <comment>{labels} and the base classes {classes} were added</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{label}: {value!r} does not fit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{letter} ends at {y:.3g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{list} and {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low:.1f} to {high:.1f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{measure} by epoch: {said}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{megabytes:.1f} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} does not fit this backbone: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} has no option {options}. {takes}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} learns in front of the text encoder, and there are only cached features here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method} needs the features before the visual projection, which are not here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method}, seed {seed}, {backbone}, {parameters:,} parameters, {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method}: base {base}, new {new}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method}: epoch {epoch} of {epochs}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} (your own weights file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{names} and {n} more</source>
        <comment>{names} and {n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} is already in the list of classes. Give each class a name of its own.</source>
        <comment>{names} are already in the list of classes. Give each class a name of its own.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name} in {folder} is a link to another place, where this project could overwrite what is not its own. Nothing was opened. Put a real file in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} in {folder} is a link to another place, where this project could overwrite what is not its own. Nothing was opened. Put a real folder in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: zero-shot {before} ({before_interval}), adapted {after} ({after_interval}), {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{none_of_these}: {class_name} is the best guess, but at {confidence} too unsure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{n} already here</source>
        <comment>{n} already here</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} base</source>
        <comment>{n} base</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} byte</source>
        <comment>{n} bytes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} class</source>
        <comment>{n} classes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} class folder found</source>
        <comment>{n} class folders found</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} class made worse by training</source>
        <comment>{n} classes made worse by training</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} could not be looked at</source>
        <comment>{n} could not be looked at</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} cross-validated image</source>
        <comment>{n} cross-validated images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} duplicate (same bytes)</source>
        <comment>{n} duplicates (same bytes)</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} epoch</source>
        <comment>{n} epochs</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} file could not be used. The reason is kept with it.</source>
        <comment>{n} files could not be used. The reason is kept with each of them.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} flag is set ({flags})</source>
        <comment>{n} flags are set ({flags})</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} head does not divide {width}, a quarter of the embedding size</source>
        <comment>{n} heads do not divide {width}, a quarter of the embedding size</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} held-out test image</source>
        <comment>{n} held-out test images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image</source>
        <comment>{n} images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image added</source>
        <comment>{n} images added</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image added.</source>
        <comment>{n} images added.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image checked: every file is there, as it was.</source>
        <comment>{n} images checked: every file is there, as it was.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image could not be looked at</source>
        <comment>{n} images could not be looked at</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image is missing</source>
        <comment>{n} images are missing</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image not sure enough for a class</source>
        <comment>{n} images not sure enough for a class</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image predicted</source>
        <comment>{n} images predicted</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image was changed on disk</source>
        <comment>{n} images were changed on disk</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image without a label</source>
        <comment>{n} images without a label</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} image, ranked by the name alone</source>
        <comment>{n} images, ranked by the name alone</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label</source>
        <comment>{n} labels</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label it was trained on was corrected</source>
        <comment>{n} labels it was trained on were corrected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label that looks wrong, the surest first</source>
        <comment>{n} labels that look wrong, the surest first</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label that looks wrong, the surest first ({sure:,} of them {least} sure or more)</source>
        <comment>{n} labels that look wrong, the surest first ({sure:,} of them {least} sure or more)</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} label was added</source>
        <comment>{n} labels were added</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled</source>
        <comment>{n} labelled</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled from folder names</source>
        <comment>{n} labelled from folder names</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled from {origin}</source>
        <comment>{n} labelled from {origin}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} labelled image</source>
        <comment>{n} labelled images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} method compared, {refused} not possible: the table says why.</source>
        <comment>{n} methods compared, {refused} not possible: the table says why.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} method compared.</source>
        <comment>{n} methods compared.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} missing image found again</source>
        <comment>{n} missing images found again</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more</source>
        <comment>{n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more finding is not listed. Mend some of these first.</source>
        <comment>{n} more findings are not listed. Mend some of these first.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more is not embedded yet.</source>
        <comment>{n} more are not embedded yet.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} more labelled image</source>
        <comment>{n} more labelled images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} name nearly coincides</source>
        <comment>{n} names nearly coincide</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} name to look at</source>
        <comment>{n} names to look at</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} new</source>
        <comment>{n} new</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of {images} selected</source>
        <comment>{n} of {images} selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} of {judged:,} labels looks wrong beside the others: another class is at least {sure} likely.</source>
        <comment>{n} of {judged:,} labels look wrong beside the others: another class is at least {sure} likely.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture</source>
        <comment>{n} pictures</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture cannot be read any more</source>
        <comment>{n} pictures cannot be read any more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture carries another label already and kept it.</source>
        <comment>{n} pictures carry another label already and kept it.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture copied</source>
        <comment>{n} pictures copied</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture has a prediction, which is shown only: the project makes its own.</source>
        <comment>{n} pictures have a prediction, which is shown only: the project makes its own.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture has a split and no label: a split goes with a label, so it is left out.</source>
        <comment>{n} pictures have a split and no label: a split goes with a label, so it is left out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture linked</source>
        <comment>{n} pictures linked</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture linked ({copied:,} of them copied, since no link can be made there)</source>
        <comment>{n} pictures linked ({copied:,} of them copied, since no link can be made there)</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} picture listed.</source>
        <comment>{n} pictures listed.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} problem</source>
        <comment>{n} problems</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} selected</source>
        <comment>{n} selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} shot</source>
        <comment>{n} shots</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} shot a class</source>
        <comment>{n} shots a class</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} shot a class, repetition {repetition} of {repetitions}</source>
        <comment>{n} shots a class, repetition {repetition} of {repetitions}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} shot a class: {accuracy}</source>
        <comment>{n} shots a class: {accuracy}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} starred training among them.</source>
        <comment>{n} starred trainings among them.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} template: {first} …</source>
        <comment>{n} templates: {first} …</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} that you found right is left out.</source>
        <comment>{n} that you found right are left out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} was changed on disk</source>
        <comment>{n} were changed on disk</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} with a problem</source>
        <comment>{n} with a problem</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} without a split is in {folder}, which others may pass over.</source>
        <comment>{n} without a split are in {folder}, which others may pass over.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{option}: {value!r} is not usable. Give {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{packages} and {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{page}: open a project first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} (&apos;{first_class}&apos; and &apos;{second_class}&apos;)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{path} and {n} more</source>
        <comment>{path} and {n} more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}. Check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be used: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be read or written; {lost}. Check that its drive is plugged in, works and has room, then open the project again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be read: {reason}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has no labels.json beside a folder data. Choose the folder that holds both.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has no metadata.csv or metadata.jsonl. Choose the folder that holds one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a folder, not an adapter file. The adapter comes first, then the pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a folder. Give the name of the file to write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a link to another place. Nothing was read or written. Delete the folder {folder}: it will be computed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is damaged. Delete the folder {folder}: it will be computed anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is empty. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is far too large for an adapter file. Choose another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is in no format that was recognised. Choose one ({formats}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is labelled &apos;{class_name}&apos; and was not labelled &apos;{other_class}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is locked by another program; {lost}. Close that program and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no folder. Choose the folder that holds the class folders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no table that can be read: {reason}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no valid JSON (line {line}): it may be cut off. Export it again. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no valid JSON: it may be cut off. Export it again. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not FiftyOne&apos;s: it has no &apos;labels&apos;. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not Label Studio&apos;s: it is no list of tasks. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not an adapter file of mma-desktop. Choose a file that was exported here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not there. Check the name, or plug its drive in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not written in UTF-8 or UTF-16 (byte {byte}). Save it as UTF-8 (in a spreadsheet: &quot;CSV UTF-8&quot;) and import it again. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is the same picture as one labelled &apos;{class_name}&apos;; it was not labelled &apos;{other_class}&apos; as well. Keep it in one class folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was not made by this program, so {folder} is not a project. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was written by a newer version of mma-desktop (format {number}; this one reads up to {newest}). Update mma-desktop to use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} would be larger than {limit} GB. Write fewer images; nothing was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent:.0f}%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent:.1f}  ({low:.0f} to {high:.0f})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent:.1f}%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent:.2f}%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} ({interval}), n {images:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} are right without a threshold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} of those right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} right</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{placed}, {n} left out: {examples}.</source>
        <comment>{placed}, {n} left out: {examples}.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{project} (missing)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} by class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} features.safetensors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} is as it was on {date}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} is open already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} labels.csv</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project} predictions.csv</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{project}, in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{prompts} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{prompts} and {n} more.</source>
        <comment>{prompts} and {n} more.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{prompt} and {n} more meaning</source>
        <comment>{prompt} and {n} more meanings</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{rate:,.0f} a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason} (line {line})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason}; the picture was taken without a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{report} (stopped).</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{report}; {n} is not in that folder.</source>
        <comment>{report}; {n} are not in that folder.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{runs} and {run}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{run} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{run}, trained {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds:.0f} s each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds:.1f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} cannot be reached ({reason})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{setting}: give the whole path, or leave it empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shots} a class, seed {seed}, {backbone}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shots} shots a class, seed {seed}, {epochs} epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{shots}/{n} shots</source>
        <comment>{shots}/{n} shots</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{shown:,} of {every:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size:,} MB download</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{sizes} shots is left out: this training has {most} a class to train on, the rest is measured on.</source>
        <comment>{sizes} shots are left out: this training has {most} a class to train on, the rest is measured on.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{sizes} shots is left out: this training has {most} a class to train on.</source>
        <comment>{sizes} shots are left out: this training has {most} a class to train on.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{source} lists no picture. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{step} of {total}: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{step}, about {duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: ECE {ece:.1f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{title}: {n} unlabelled image</source>
        <comment>{title}: {n} unlabelled images</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{title}: {n} unlabelled image, too unsure for a class</source>
        <comment>{title}: {n} unlabelled images, too unsure for a class</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{value} of {maximum} images labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}; pictures can be {formats}. Save it as one of these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width:,} × {height:,} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width:d} x {height:d} pixels ({millions:,.0f} megapixels); the limit is {limit:d} megapixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{words!r} and {n} context vector do not fit into the {limit} tokens that the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.</source>
        <comment>{words!r} and {n} context vectors do not fit into the {limit} tokens that the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>“{prompt}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>…</source>
        <comment>not measured yet</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
