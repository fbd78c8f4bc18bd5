// Classifies images that may show several things at once, or none: trains, and asks the model.
//
// The folder holds images and index.csv with the columns image and classes, such as
//   cell_01.tif,mitosis;infected
//   cell_02.tif,none
// "spyhop sample mixtures --output painted" paints such a folder.
//
// From a shell:  spyhop macro macros/Several_Classes.ijm painted/ mine.spyhop image.tif
// A fourth argument replaces the settings below, such as "epochs=5 seed=7".

settings = "epochs=20 network=small validation=10";

if (getArgument() == "") {
  input = getDirectory("Folder with index.csv");
  output = getDirectory("Folder for the model") + "several.spyhop";
  image = File.openDialog("Image to ask about");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  image = arguments[2];
  if (arguments.length > 3) settings = arguments[3];
}

// Each class has a probability of its own; from which it is told is fitted to images kept aside.
run("Spyhop Train Classifier", "data=[" + input + "] output=[" + output + "] several=true " + settings);
if (!File.exists(output)) exit("No model was written to " + output);

open(image);
run("Clear Results");
run("Spyhop Classify", "model=[" + output + "]");

// The classes as "a; b", empty for none, and a column for the probability of each.
last = nResults - 1;
print("classes: " + getResultString("classes", last));
