<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>
    &lt;Choice value={quoteattr}/&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
Give each picture one label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
Key {upper} labels the selected images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
and {left} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (estimated by cross-validation)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> ({copied_instead:,} of them copied, since no link can be made there)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> ({sure:,} of them {sure2:.0%} sure or more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> An ensemble: the mean of what the text encoder makes of each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Left out: {left_out:,} with different labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The database it had until now is kept in its folder as {kept}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The highest of the column.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The log is in {log_file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The {count} things that you dropped are imported into it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> WHERE id NOT IN (SELECT value FROM json_each(?))</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Without a threshold: {percent}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {left} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> for each, delete these classes, or make them new classes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> to train on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {kept:,} that you found right are left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {name} is imported into it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {waiting:,} more are not embedded yet.</source>
        <translation type="unfinished"></translation>
    </message>
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
        <source>&amp;Replace labels and splits that are there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Same as last	.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Same as last{name}	{key}</source>
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
        <source>&apos;{a}&apos; and &apos;{b}&apos; are the same name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{a}&apos; and &apos;{b}&apos; nearly coincide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{before}&apos; was renamed &apos;{one}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{best}&apos; is a new class: it has no shots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{colour}&apos; is no colour. Write it as # and six hexadecimal digits, such as #4477aa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{label}&apos; is no single label; the picture was taken without one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is kept by Label Studio itself; choose the folder that holds these pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is taken as &apos;{first}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is the only new class, and among one name every answer is right: new accuracy needs at least two new classes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{name}&apos; with its adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; is hardly recognised by its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; may be unknown to the text encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; may not be understood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; says nothing of what is on the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; says what is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{one}&apos; was made a new class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{run}&apos; was trained with the backbone {backbone}. Load that backbone to measure it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{strip}&apos; cannot be a key. Use one letter, digit or sign.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{too_long}…&apos; is longer than 200 characters. Shorten it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; has the name of a device ({part})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is a path of another computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is a remote address, and nothing is fetched. Download it, then name the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is an absolute path; only files inside {root} are taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is no address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is no file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; leads out of its folder (..)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{value}&apos; names a part of a file ({part})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{whole}&apos; may hold &apos;{part}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(SELECT min(id) FROM &quot;{table}&quot;) &lt; 1 OR (SELECT max(id) FROM &quot;{table}&quot;) &gt; {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(about the same)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, about {duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, base classes by cross-validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, delete the class, or make it a new class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, repetition {repetition} of {repetitions}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, the first {rows} below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 to 255, resized and cut; scaling and normalising are in the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0: train all epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 label it was trained on was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 name to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100%, pixel by pixel (double click)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95% interval {signed} to {signed2}, {value:,} images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;View&gt;
  &lt;Image name=&quot;{to}&quot; value=&quot;${to}&quot;/&gt;
  &lt;Choices name=&quot;{value}&quot; toName=&quot;{to}&quot; choice=&quot;single&quot;&gt;{choices}
  &lt;/Choices&gt;
&lt;/View&gt;
</source>
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
        <source>A classifier needs pictures of at least two classes to train on. Give labels of two or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A classifier of the method {metadata} with the backbone {metadata2} cannot be written as {title} ({why}). Nothing was written; choose another format, or another method.</source>
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
        <source>A folder cannot have {found} in its name. Choose another name.</source>
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
        <source>A project is a folder that holds labels, embeddings and trained adapters. Pictures stay where they are.</source>
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
        <source>A template is longer than {longest_template} characters. Shorten it.</source>
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
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &apos;{current}&apos; as a new class first, then label images with it</source>
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
        <source>Add class &apos;{clean}&apos;</source>
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
    <message>
        <source>Add {count} classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {name} as a new class</source>
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
    <message>
        <source>All were measured on the same {count:,} labelled images. The best of {tried} looks better than it will be on other pictures, because chance has a part in who comes first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All {done}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Right, Alt+Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+Up, Alt+Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among the classes and the typed names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Among {value}. {meaning}</source>
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
        <source>Another name for &apos;{one}&apos;. Predictions follow at once; nothing is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another training is being measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another window or program has been writing to {folder} for {lock_seconds:.0f} seconds. Close it, and try again.</source>
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
        <source>Apple</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apple GPU (MPS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apple ML Research</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrows, Home, End</source>
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
        <source>As {title} this classifier answers otherwise than here (probabilities differ by up to {difference:.2g}, allowed is {tolerance:g}), so {path} was not written. Choose another format.</source>
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
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AvifImagePlugin</source>
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
        <source>Back to {name}</source>
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
        <source>Backspace or U</source>
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
        <source>Base classes{estimated}</source>
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
        <source>BmpImagePlugin</source>
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
        <source>CLIP ViT-B/16 (DataComp-XL)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-B/16 (OpenAI)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-B/32 (LAION-2B)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-B/32 (OpenAI)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-B/32 256 px (DataComp)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-L/14 (DataComp-XL)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CLIP ViT-L/14 (OpenAI)</source>
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
        <source>CVAT ImageNet</source>
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
        <source>Check files</source>
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
        <source>Choose one of {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one of: {by_id}.</source>
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
        <source>Choose {lower}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clap</source>
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
        <source>Class folders written to {path}: {sentence}</source>
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
        <source>Clear {lower}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clearing {lower}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ClipAdapter</source>
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
        <source>CoCoOp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CoOp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of class &apos;{one}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of {one}</source>
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
        <source>Column of {lower}</source>
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
        <source>Comparison written to {out}.</source>
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
        <source>Confidence {value:.0f} to {value2:.0f}%: {count}, {percent} right, {percent2} sure on average.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidences that are exactly right would show about {chance:.1f} on {count}, by chance alone.</source>
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
    <message>
        <source>Copying class folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine of the embeddings, 1 for the same picture. Enter or a click shows the image on the Label page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not decode to UTF-8</source>
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
        <source>Cross-validation, {phase}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+,</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+1 ... Ctrl+4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Backspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+G</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+M</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+N</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+O</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+I</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+M</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+N</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+Return</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+V</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+{number}</source>
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
        <source>DataComp</source>
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
        <source>Del</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete class &apos;{name}&apos;</source>
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
        <source>Delete training &apos;{run}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what is in {folder}; it is {again}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {count} classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {what}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted {what}{lost}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Describable Textures</source>
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
        <source>Did you mean {choice}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did you mean {near}?</source>
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
        <source>Downloading {done} of {total} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download{size}</source>
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
        <source>Drop anywhere to add to {session}</source>
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
        <source>ECE {ece:.1f} points on {count}. {tendency}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each class</source>
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
    <message>
        <source>Each point was measured by cross-validation, {times}: a part of the shots is held out in turn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each point was trained {times} and measured on the same test images.</source>
        <translation type="unfinished"></translation>
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
    <message>
        <source>Ensemble of {count} templates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter</source>
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
        <source>Escape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EuroSAT</source>
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
        <source>Expected calibration error (ECE): {ece:.1f} points before training, {ece2:.1f} after, on the same {count}{by}. {chance_words}</source>
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
        <source>Exporting {title}</source>
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
        <source>FGVC Aircraft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fahes et al. 2024, the variant for features after the projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fahes et al., CLIP&apos;s Visual Embedding Projector is a Few-shot Cornucopia, 2024</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Features (*.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch this model from the internet and load it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FiftyOne</source>
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
        <source>Fit, 100% </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit, {scale:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flowers-102</source>
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
        <source>Food-101</source>
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
        <source>From {before} to {after} shots base accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {value:.0f}% on. {kept_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gao et al., CLIP-Adapter: Better Vision-Language Models with Feature Adapters, 2021</source>
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
        <source>GifImagePlugin</source>
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
        <source>Go back to an earlier state of {stem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with {title}</source>
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
        <source>Google</source>
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
        <source>Hugging Face imagefolder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IN (SELECT value FROM json_each(?))</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identity adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IdentityAdapter</source>
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
        <source>Import from {title}</source>
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
    <message>
        <source>Importing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In percent with 95% intervals, n = {count:,}{of}.{waiting} {caution}</source>
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
    <message>
        <source>In {count} places:</source>
        <translation type="unfinished"></translation>
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
        <source>It takes {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its images are dealt with, or not in the project any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its numbers and its adapter file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JPEG, PNG, WebP, GIF, BMP, TIFF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JpegImagePlugin</source>
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
        <source>Keep {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep: </source>
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
    <message>
        <source>Keeps all {images}: {right}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps none of {images}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps none of {value:,} measured

</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps {percent} of {images} ({kept:,}): {right}.{plain}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps {percent} of {value:,} measured</source>
        <translation type="unfinished"></translation>
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
        <source>Key of class &apos;{one}&apos;</source>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label Studio JSON</source>
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
        <source>Label as {typed}</source>
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
    <message>
        <source>Label is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label some images, and the ones most like this picture are shown here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the image as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the selected images (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label the selected images as &apos;{typed}&apos; (Enter)</source>
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
    <message>
        <source>Label {count:,} images as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label {counted} &apos;{chosen}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label {counted} {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LabelPage</source>
        <translation type="unfinished"></translation>
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
        <source>Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels go to the copy that is kept. The files stay, and Undo brings all back.{left}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label{number} as</source>
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
        <source>Left out, in the list already: {shown}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legend: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
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
        <source>Looking for {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for {value}</source>
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
        <source>Lu et al., Prompt Distribution Learning, 2022</source>
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
        <source>Make new (never trained)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make {what} {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making {stem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Max epochs</source>
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
        <source>Measure training &apos;{run}&apos;</source>
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
        <source>Measured on {count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured on {images}; 95% confidence interval in percent</source>
        <translation type="unfinished"></translation>
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
        <source>Measuring {lower}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory ran out on {type}; the batches were made smaller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Methods that learn prompts cannot learn prompts with the backbone {backbone_id}; choose another method, or another backbone.</source>
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
        <source>MobileCLIP S1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MobileCLIP S2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MobileCLIP-S1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MobileCLIP-S2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MobileCLIP2 S0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MobileCLIP2-S0</source>
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
        <source>Most like &apos;{value}&apos; first</source>
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
        <source>Most likely {one}</source>
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
        <source>Move class &apos;{one}&apos;</source>
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
        <source>Multi-Modal Adapter Plus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MultiModalAdapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MultiModalAdapterPlus</source>
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
        <source>NOT (width BETWEEN 0 AND 2147483647 AND height BETWEEN 0 AND 2147483647)</source>
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
        <source>Next image (J, right arrow)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next {step}</source>
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
        <source>No column is named like one of file names: the first, &apos;{mapping}&apos;, was taken for it.</source>
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
        <source>No image is labelled {name}</source>
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
        <source>No image of a new class is labelled, so new accuracy cannot be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of this filter has &apos;{value}&apos; in its file name.</source>
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
        <source>No shots for {bare}. Label some images, or give the class the role new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No starred training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such curve: {missing}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No threshold keeps {percent}% right on these images. {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No training yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No unlabelled image is predicted as {name}</source>
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
    <message>
        <source>None of the {judged:,} labels looks wrong beside the others.{kept}</source>
        <translation type="unfinished"></translation>
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
        <source>Not started</source>
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
        <source>Nothing to draw: a point needs base and new accuracy, and {which} was not measured. The table has the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to suggest: every base class has its {shots} shots, or no unlabelled image is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notify when a long job ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers</source>
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
    <message>
        <source>One image was given two classes: {example}. Keep it in one of them, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One is trained on and another tested with. </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture would be</source>
        <translation type="unfinished"></translation>
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
        <source>OpenAI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {stem}</source>
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
        <source>Oxford Pets</source>
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
        <source>Pascal VOC 2007</source>
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
    <message>
        <source>Path copied.</source>
        <translation type="unfinished"></translation>
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
        <source>Pause {title}</source>
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
        <source>PngImagePlugin</source>
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
        <source>PredictPage</source>
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
        <source>Press the key for {one}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ProDA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ProDa</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ProLIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ProLip</source>
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
        <source>Progress of {title}</source>
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
        <source>Put {{}} where the class name goes: &apos;{missing}&apos; has none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021</source>
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
        <source>Reading {what}</source>
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
        <source>Ready: trains on {base:,} of {of}, {count} each.</source>
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
        <source>Recognised as </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redone</source>
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
        <source>Reliability diagram, {lower}</source>
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
    <message>
        <source>Remove {counted}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed {what} from the project. The files stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename &apos;{shown}&apos;…</source>
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
        <source>Rename class &apos;{old}&apos; to &apos;{clean}&apos;</source>
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
        <source>Rename training &apos;{run}&apos;</source>
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
        <source>Reset to {in_words}</source>
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
        <source>Restore a backup of {name}</source>
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
        <source>Restoring {stem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return</source>
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
        <source>Same as last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as last: the class that was set last</source>
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
        <source>Select 2 to {most} trainings with Ctrl or Shift. </source>
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
        <source>Separate names by commas or lines. Enter adds them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seputis et al. 2024 (both modalities adapted), ProLIP (Fahes et al. 2024: a penalty to the pretrained weights), WiSE-FT (Wortsman et al. 2022: between the pretrained and the trained weights)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seputis, Mihailov, Chatterjee and Xiao, Multi-Modal Adapter for Vision-Language Models, 2024</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set {name}</source>
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
    <message>
        <source>Show the next notice, {waiting} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the pictures labelled as one class, or predicted as one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side of a thumbnail in the grid, in pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SigLIP ViT-B/16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Silva-Rodriguez et al., A Closer Look at the Few-Shot Adaptation of Large Vision-Language Models, 2024</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar to {short}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since the adapter in use was trained, {parts}. Training again would help.</source>
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
        <source>Space</source>
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
        <source>Star trainings</source>
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
        <source>Start Label Studio with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT={root}.</source>
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
        <source>Stop waiting for {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop {title}</source>
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
    <message>
        <source>Stopped. {kept} kept.</source>
        <translation type="unfinished"></translation>
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
        <source>Suggest the next images worth labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggested for {name}, {of}: {images}</source>
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
        <source>Take stars away</source>
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
        <source>TaskRes</source>
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
        <source>That picture has {width:,.0f} megapixels; the limit is {limit} megapixels.</source>
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
        <source>The backbone {id} ({size}) is not on this machine and could not be downloaded ({reason}). Go online and try again, pick a weights file that you already have, or use the starter, which needs no download.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backbone {id} needs its weights file. Pick the file it was loaded from.</source>
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
        <source>The backup {source} is not there (any more). Nothing was changed; choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backups of {folder} could not be read: {value}.</source>
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
        <source>The class name &apos;{shown}&apos; holds control characters. Type it again without them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class name &apos;{twice}&apos; is given twice. Name each class once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class name &apos;{value}…&apos; is too long. Use at most {max_name} characters.</source>
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
        <source>The classes of {part} are no list of names. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classes or the shots changed since these were suggested.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classifier of {count} classes is in {out}. Its probabilities of {pictures} pictures are the same there, to within {largest_difference:.1g}.</source>
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
        <source>The database of {folder} is not as this program writes it: {error}. It was not opened. Nothing was changed. Ask for another copy, or restore one of its backups: the start page lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The default: one linear map for image and one for text embeddings, held close to what the backbone knows. Learns more of the base classes than the paper&apos;s adapter and keeps new class names as good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {candidate} failed ({reason}), so the next one is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {device} failed ({why}), so the training starts again on the processor (cpu).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {failed} failed ({first_line}), so the processor (cpu) is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device {failed} failed ({first_line}). Choose the device cpu and start again.</source>
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
        <source>The features in {folder} have {embed_dim} dimensions, the backbone has {embed_dim2}. Delete that folder: it will be computed anew.</source>
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
        <source>The image encoder of the backbone {backbone_id} does not end in a linear projection that could be trained. Choose another method, or another backbone.</source>
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
        <source>The key &apos;{letter}&apos; belongs to the class &apos;{value}&apos;. Choose another one, or free it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key &apos;{letter}&apos; is used by the window itself. Choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language of the window, and how numbers and dates are written. A change counts from the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The learning rate must be above 0 and the weight decay at least 0. Correct the recipe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lowest threshold that keeps so much right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The nearest of the other names are &apos;{name}&apos; and &apos;{name2}&apos;: cosine {cosine:.2f}, nearer than {share} of {count} pairs of related things such as violin and cello.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new class {listed} needs no training: it is predicted by its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new classes {listed} need no training: they are predicted by their names.</source>
        <translation type="unfinished"></translation>
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
        <source>The starter&apos;s weights {name} are not the published ones (SHA-256 {found}… instead of {sha256}…). The file is damaged or was changed: install mma-desktop again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The starter&apos;s weights {path} could not be read ({strerror}). Install mma-desktop again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The subset &apos;{stem}&apos; is taken without a split.</source>
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
        <source>The weights in {name} are not those of {model_name}. Pick that model&apos;s file, or choose the backbone that this file belongs to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The weights of {id} are not on the hub. Download them from {where} and pick the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The zero-shot suggestions need the embeddings; switch it off on a slow machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Their numbers and adapter files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Their text features have a cosine of {cosine:.2f}: nearer than {less} of {count} pairs of related things, such as violin and cello.</source>
        <translation type="unfinished"></translation>
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
        <source>There is a class &apos;{clean}&apos; already. Choose another name, or label the images with that class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a class &apos;{taken}&apos; already. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no adapter file {path}. Check the name, or choose another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no backbone &quot;{backbone_id}&quot;. {instead}</source>
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
        <source>There is no base class yet</source>
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
        <source>There is no column &apos;{label}&apos; in {name}. It has {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no device &quot;{name}&quot;. Choose one of: {device_names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file at {shown}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no format &apos;{format_id}&apos;. There are {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no format called {format_id!r}. Choose one of {formats}.</source>
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
        <source>There is no method called {method_id!r}. {hint}</source>
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
        <source>There is no question &apos;{asked}&apos; in {file}. It has {value}.</source>
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
        <source>There is not enough memory for the backbone {id}, even for one at a time. Close other programs, or choose a smaller backbone such as the starter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory to learn prompts with the backbone {id}. Close other programs, choose a smaller backbone such as the starter, or another method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing left to predict. Import more pictures, or test one on the right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is one base class, &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was no picture in what you gave. JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF files are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was not enough memory for: {title}. Every label is saved. Close other programs and try again, or choose a smaller backbone such as the starter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These are left out, or taken without what is said. The rest is imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These are {count} templates; at most {most_templates} are possible.</source>
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
        <source>They are added to {name}, or click to choose a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They carry different labels: {torn}. Press the key of the right class, then keep one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They differ only in plural, blanks, hyphens or underscores.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This adapter was trained with other weights or other preprocessing of {backbone} (fingerprint {fingerprint}, here {fingerprint2}). Use the same weights, or train again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This adapter was trained with the backbone {backbone}, not with {id}. Choose {backbone}, or train a new adapter.</source>
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
        <source>This is a fault of the program, not of your pictures. Your labels are saved, you can go on.{where}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine has no usable {candidate} device, so the processor (cpu) is used.</source>
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
        <source>This plugin does not support</source>
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
        <source>TiffImagePlugin</source>
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
        <source>Tip-Adapter-F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TipAdapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TorchScript</source>
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
    <message>
        <source>TrainPage</source>
        <translation type="unfinished"></translation>
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
        <source>Training {get}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings ({count})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains again as this training did, with 1, 2, 4, 8 and 16 shots a class, and measures each on the same images. It runs in the background, can be paused and stopped, and the answer is kept with the training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains each chosen method on the labels at hand, {of}, as the Train page says. Options and recipe of its form are not used: every method has its own. Each training is kept, and none is used until you choose one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trains on the first half only, to measure it on classes it never saw.</source>
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
        <source>Two class folders have the same name but for case or blanks: {listed}. Rename one of them.</source>
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
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlabel {counted}</source>
        <translation type="unfinished"></translation>
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
    <message>
        <source>Use {counted} {use_titles}</source>
        <translation type="unfinished"></translation>
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
        <source>ViT-B-16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ViT-B-16-SigLIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ViT-B-16-SigLIP2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ViT-B-32</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ViT-B-32-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ViT-L-14</source>
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
        <source>WebPImagePlugin</source>
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
        <source>Weights from {weights}</source>
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
        <source>With the adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work is still going on: {names}.</source>
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
        <source>Writes {out}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing and checking ONNX needs {missing}. Install what is missing with pip install &apos;mma-desktop[onnx]&apos;, or choose the format torchscript or torch-export.</source>
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
        <source>Yu et al., Task Residual for Tuning Vision-Language Models, 2023</source>
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
        <source>Zero-shot, {lines}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero-shot, {right} of {value} labelled images are recognised (95% interval {low:.0f} to {high:.0f}%); {taken} are taken for &apos;{value2}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ZeroShot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zhang et al., Tip-Adapter: Training-free CLIP-Adapter for Better Vision-Language Modeling, 2021</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zhou et al., Conditional Prompt Learning for Vision-Language Models, 2022</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zhou et al., Learning to Prompt for Vision-Language Models, 2022</source>
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
        <source>Zoom: {value}</source>
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
        <source>a bad photo of the {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a camera raw file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a centered satellite photo of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a centered satellite photo of the {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a centered satellite photo of {}.</source>
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
        <source>a doodle of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a doodle of the {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a drawing of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a drawing of the {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a macOS icon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {} object.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {} pattern.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {} texture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {} thing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {}, a type of aircraft.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {}, a type of flower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {}, a type of pet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of the large {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of the small {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a photo of {}, a type of food.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a portable any-map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a row of its table {broken} belongs to nothing</source>
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
        <source>a run-length encoded BMP of more than {max_rle_bytes} MB would take minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a sketch of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a sketch of the {}.</source>
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
        <source>a {} in a video game.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {download_mb} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted prediction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all classes base</source>
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
    <message>
        <source>an object holds more than texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>art of the {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as divided automatically</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asks for a class by its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attention: multi-head attention alone. transformer: a whole transformer-encoder block, slower (the paper&apos;s Table 3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>base accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before an update of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best epoch {best_epoch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best epoch {get}, {took}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed on disk since it was imported; import it again to use the new picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class {at} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clearing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>content_hash IS NULL AND problem IS NULL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cross-validated image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding its {scans} scans would take minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding its {width} x {height} pixels would take {needed:,} MB of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>denies something</source>
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
    <message>
        <source>every base class now has {least:,} labels, enough for more shots</source>
        <translation type="unfinished"></translation>
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
        <source>finished training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first half base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fold {fold} of {folds}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for testing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gives the class that was set last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>goes to the image before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>goes to the next image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>group_concat(CASE {column} {cases} ELSE &apos;{chr}&apos; END, &apos;&apos;)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>held-out test image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>id, content_hash, problem IS NOT NULL, last_path IS NOT NULL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>image WHERE problem IS NULL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>images labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in {count} classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it begins like a {pillow} picture but ends after {count} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be decoded ({value})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it could not be read ({lower})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {limit} megapixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {max_chunks} chunks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {max_exif_bytes} MB of EXIF data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than {max_markers} segments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has no data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has not one label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has several questions ({answers}); choose one as the label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has {count} labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has {count} tags; the limit is {max_tags}</source>
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
        <source>it is not as this program writes it, because {error}</source>
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
        <source>it was taken without its label. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>itap of a {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its annotations do not agree on one label ({found})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its content is not that of a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its data has no &apos;{to}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its header is filled up with padding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its header says {width} x {height} pixels</source>
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
        <source>its table {table} is built otherwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its tags say that they hold {total:,.0f} MB</source>
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
        <source>label more images</source>
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
        <source>least confident</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length(content_hash) != 32 OR typeof(content_hash) = &apos;text&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>link loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looks like {one}, {value:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lost names</source>
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
        <source>measured image</source>
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
        <source>mma-desktop features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nearly coincide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>needs base and new accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new accuracy</source>
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
        <source>no classes</source>
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
        <source>no word</source>
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
        <source>not a regular file</source>
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
        <source>not enough</source>
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
        <source>not labelled, none of these: {by} guess {guess}, only {confidence:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not labelled, {by} guess {guess}, {confidence:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured</source>
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
        <source>not recognised</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not starred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not sure enough for a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not trained</source>
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
        <source>nothing to train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing was restored or changed</source>
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
        <source>on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one copy each of {count:,} pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one holds the other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open_clip knows {count:,} of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page up</source>
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
        <source>problem IS NOT NULL AND (typeof(problem) != &apos;text&apos; OR typeof(reason) != &apos;text&apos;)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>same as last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>same but for spelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see its publisher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slow: learns in front of the text encoder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>soccer ball</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suggested for {one}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switched off by HF_HUB_OFFLINE</source>
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
    <message>
        <source>the confidence &apos;{value}&apos; is no number from 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the figures of a training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file ends before the picture does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file has {size:,.0f} MB; the limit is {limit} MB</source>
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
        <source>the header of this {format} picture is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header of this {pillow} picture is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub has no such file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images that were trained on are no list of hashes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images the training in use was trained or selected on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the labelled images</source>
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
        <source>the settings of a training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the shots of the training in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the sizes are not those of the method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the split &apos;{split}&apos; is none of train, val and test; it was taken without one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the temperatures are not two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the two lists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the values of the setting {name}</source>
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
    <message>
        <source>there is no class {numbers} among {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no class {target} among {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no file &apos;{value}&apos;</source>
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
        <source>this is a folder, not a picture</source>
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
        <source>too small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train with fewer shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>two classes have the same name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof(method) != &apos;text&apos; OR typeof(backbone) != &apos;text&apos; OR typeof(checkpoint) != &apos;text&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof(name) != &apos;text&apos; OR length(name) = 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof(name) != &apos;text&apos; OR typeof(value) != &apos;text&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof(name_key) != &apos;text&apos; OR typeof(&quot;key&quot;) != &apos;text&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof(settings) != &apos;text&apos; OR typeof(metrics) != &apos;text&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typeof({column}) != &apos;blob&apos; OR {column} = x&apos;&apos; OR instr({column}, x&apos;00&apos;)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsupported format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what arrived is not the file that the hub names; it was not kept</source>
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
        <source>{accessibledescription} Press Enter to see them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{all_base} To measure it, give some classes the role new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{base} base, {new} new, {labelled:,} labelled of {usable:,}</source>
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
    <message>
        <source>{column} NOT BETWEEN {low} AND {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{column} NOT IN ({value})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{confused} of {count} labelled images of &apos;{one}&apos; are taken for &apos;{value}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count:,} pictures would be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} a class, seed {seed}, {backbone}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} class folders found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} flags are set ({found})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} images were given two classes each, such as {example}. Keep each in one, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} made worse by training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} names nearly coincide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} names to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pictures cannot be read any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} templates: {templates} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} trainings with their adapters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}, ranked by the name alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:,} so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{download_mb:,} MB download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{endpoint} cannot be reached ({first_line})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{error}; the picture was taken without a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file_stem} by class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files} could not be used. The reason is kept with each of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is no table that can be read: {error}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not Label Studio&apos;s: it is no list of tasks. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} cannot be written to. Change its permissions, or copy the project elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be cleared ({value}). Change its permissions, or close the program that uses it, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} could not be looked at: {value}.</source>
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
        <source>{folder} is a file, so {path} cannot be written. Choose another place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is not a project. Choose a folder whose name ends in {suffix}.</source>
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
        <source>{folder} is on a drive that cannot lock files ({value}), so two windows could damage the project. Copy the project to a local drive and open it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is open in another window or used by a command. Close it there, or wait for the command.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is there already. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} was made by a newer version of this program (its format is {version}, this program reads up to {schema_version}). Update the program to open it. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{found:,} of {images} found again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{have}: a classifier needs at least two base classes with labelled images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{images} checked: every file is there, as it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{images} were recognised.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{images} were taken for &apos;{names}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{image} is labelled &apos;{get}&apos; and was not labelled &apos;{label}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{item!r} is no class with a role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{known:,} already here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{labelled:,} labelled from {labels_from}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: give the whole path, or leave it empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: {value!r} does not fit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: {value!r} is not usable. Give {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{leak}Select the one to keep, or keep the largest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left_out:,} more findings are not listed. Mend some of these first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{letter} ends at {y:.3g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{lines:,} paths copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{listed}: every labelled image is a shot, so base accuracy is estimated by 4-fold cross-validation. A few more labelled images in each class give a direct measure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{listed}: fewer than {shots} shots (&apos;{least}&apos; has {have}). Add {images}{fewer}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{listed}: no label is of this name. There are {listed2}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{listed}: no labelled image is left over for testing, and fewer than {folds_need} shots are too few for cross-validation. Base accuracy cannot be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{listed}: no labelled image. Add {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{named} already in the list of classes. Give each class a name of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be read as weights of {model_name}: it is damaged, or holds program code, which is never run. Pick a {safe_suffix} file of the same model. ({first_line})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no column &apos;{name2}&apos;. It has {shown}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is a trained adapter. Open the project it was trained in to use it here, or classify pictures with it on the command line: mma-desktop predict &quot;{name}&quot; FOLDER</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is no weights file that can be read. Pick one of {suffixes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is there already. Choose another name: nothing is replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: every label is saved, and other work goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{none_of_these}: {class_name} is the best guess, but at {confidence:.0%} too unsure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{noun} from {minimum:g} to {maximum:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{noun} of at least {minimum:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} of {total} images of &apos;{names}&apos;{share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{one}
{role}
{numbers}.{key}
Click to show its images, F2 to rename, Del to delete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{out} has the features of {counts:,} images for training, {counts2:,} for validation, {counts3:,} for testing and {counts4:,} without a label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{out} is there already and not empty. Choose another name or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{out} is there already. Choose another name. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parent} cannot be written to. Choose another folder, or change its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parent} could not be brought to this program&apos;s version, because its rows contradict each other. It was left as it was; restore a backup, or report this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parent} is not there (any more). Choose another folder, or plug its drive in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{parts}. Labels and embeddings are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{part} is not FiftyOne&apos;s: it has no &apos;labels&apos;. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read: {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be read: {value}. Check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be used: {error}</source>
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
        <source>{path} could not be read: {value}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be written: {value}.</source>
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
        <source>{path} is in no format that was recognised. Choose one ({value}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is larger than {max_file_bytes} GB. Split it, or use fewer images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is locked by another program; {lost}. Close that program and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no .safetensors file, or damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no folder. Choose the folder that holds the class folders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no table that can be read: {error}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is no valid JSON{where}: it may be cut off. Export it again. Nothing was changed.</source>
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
        <source>{path} is not written in UTF-8 or UTF-16 (byte {start}). Save it as UTF-8 (in a spreadsheet: &quot;CSV UTF-8&quot;) and import it again. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is the same picture as one labelled &apos;{get}&apos;; it was not labelled &apos;{found}&apos; as well. Keep it in one class folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was not made by this program, so {folder} is not a project. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was written by a newer version of mma-desktop (format {number}; this one reads up to {format_version}). Update mma-desktop to use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} would be larger than {max_file_bytes} GB. Write fewer images; nothing was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: &apos;{name}&apos; holds something that is no number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: &apos;{part}_features&apos; has {shape} columns, &apos;text_features&apos; {width}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: &apos;{part}_labels&apos; has a label that is no place in &apos;class_names&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: &apos;{part}_labels&apos; is not one whole number for each of &apos;{part}_features&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: it has no {part}_features, which a benchmark needs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: it lacks &apos;{name}&apos;, a matrix of floating numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: its &apos;format_version&apos; is no whole number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: its &apos;logit_scale&apos; is no positive number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: its metadata lacks &apos;class_names&apos;, a JSON list of names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: there must be at least {least_classes} class names, no two the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {count} class names and {count2} text features do not belong together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} of those are right (95% interval {interval})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} of those right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent} sure on average, {percent2} right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{percent}% are right without a threshold. {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{pictures} a prediction, which is shown only: the project makes its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{pictures} a split and no label: a split goes with a label, so it is left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{readable}: what the dictionary says of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{repetitions} times with other shots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{root} has {synsets} but no list of pictures such as train.txt. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{selected:,} of {images} selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{session} is open already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown_path}{more} cannot be labelled: {problem}. Leave files with a problem out, or repair them and import them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} cannot be restored: {problem}. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} could not be copied whole. Nothing was changed; check the drive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} is damaged, or its copy is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source} lists no picture. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} changed by {signed} points ({within})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} fell by {value:.1f} points ({within}): more labels of this kind do not help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} rose by {points:.1f} points ({within}): more shots still help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stem} is as it was on {made_at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} Measuring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} can only be read. Choose another format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} can only be written. Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} cannot be paused now, only stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} cannot be written with pictures &apos;{value}&apos;. There is: {ways}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} did not answer and was given up. Every label is saved. Try it again; if it hangs once more, close the window and start the program anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} does not fit this backbone: {error}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} failed: {error}. The log has the details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} finds its pictures beside itself. Leave the folder of the pictures out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} has no column for &apos;{unknown}&apos; that could be chosen. There are: {have}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} has no option {unknown}. {takes}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} learns in front of the text encoder, and there are only cached features here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} needs the features before the visual projection, which are not here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} was ended, because {title2} did not answer. Every label is saved. Start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} written to {path}: {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}. Predictions appear as soon as there are some.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: epoch {epoch} of {max_epochs}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: open a project first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: {count:,} unlabelled images, too unsure for a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}{kind}: {count:,} unlabelled images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{typed} and the {count} others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{upper} is the key of &apos;{owners}&apos;. Press another key, or free it there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{upper} {taken} in the grid. Press another key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no number from 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no positive number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value!r} is no whole number from {low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value}
{when}
{numbers}
Method {method}, backbone {backbone}
{shots} shots a class, seed {seed}, {get} epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} Not restored: {lost}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} Where the intervals overlap, take the one that describes your pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} With so few labels take the one that describes your pictures, not the one with the best number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value}, {count:,} left out: {left_out}{more}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} are of another kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} both trained on and tested with: accuracy would look too good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} could not be looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} written to {out}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}, the surest first{how}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}: another class is at least {sure:.0%} likely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}; pictures can be {format_list}. Save it as one of these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{whose} in the project are deleted. This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{why} Enter accepts the selected ones; the key of another class corrects them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{why}Compare the selected trainings side by side (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} pixels ({millions:,.0f} megapixels); the limit is {limit} megapixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words!r} and {count} context vectors do not fit into the {shape} tokens that the backbone {id} reads. Give the class a shorter name, or learn fewer vectors.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}
Show it on the Label page (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words} The bars are rough: label more test images to see finer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}, {refused} not possible: the table says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}. Is the drive of the project there?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{wrong:,} labels it was trained on were</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
