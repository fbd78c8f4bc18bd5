// Trains a network that tells classes of images apart.
//
// The folder holds a folder for each class, named after it, with images of that class.
//
// From a shell:  spyhop macro macros/Train_Classifier.ijm mydata/ species.spyhop
// A third argument replaces the settings below, such as "epochs=20 seed=7".

settings = "epochs=30 network=small validation=10";

if (getArgument() == "") {
  data = getDirectory("Folder with a folder for each class");
  model = getDirectory("Folder for the model") + "species.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  data = arguments[0];
  model = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Classifier", "data=[" + data + "] output=[" + model + "] " + settings);

// From now on it can be used like any other model:
//   run("Spyhop Classify", "model=[" + model + "]");
print("The model is in " + model);
