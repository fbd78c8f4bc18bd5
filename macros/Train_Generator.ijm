// Trains a network that makes images like those in a folder.
//
// From a shell:  spyhop macro macros/Train_Generator.ijm cells/ cells.spyhop
// A third argument replaces the settings below, such as "size=64 crops=true labels=true symmetry=all",
// which learns parts of images together with their label images.

settings = "epochs=50 symmetry=none";

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for the model") + "generator.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes an hour or more. Esc stops it, and keeps the generator as it is.
run("Spyhop Train Generator", "data=[" + input + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// Images are made with Generate_Images.ijm:
//   run("Spyhop Generate Images", "model=[" + output + "] count=64 seed=1");
print("The model is in " + output);
