// Trains a network that tells classes of images apart.
//
// The folder holds a folder for each class, named after it, with images of that class.
//
// From a shell:  spyhop macro macros/Train_Classifier.ijm mydata/ species.spyhop
// A third argument replaces the settings below, such as "epochs=20 seed=7".

settings = "epochs=30 network=small validation=10";

if (getArgument() == "") {
  input = getDirectory("Folder with a folder for each class");
  output = getDirectory("Folder for the model") + "species.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Classifier", "data=[" + input + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// From now on it can be used like any other model:
//   run("Spyhop Classify", "model=[" + output + "]");
print("The model is in " + output);
