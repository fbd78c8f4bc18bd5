// Trains a network on images of yours in which every object is outlined.
//
// The folder holds the folders images and labels. To each image belongs a label image of the same
// name: 0 is background, and every object has a number of its own.
//
// From a shell:  spyhop macro macros/Train_Segmenter.ijm mydata/ my.spyhop
// A third argument replaces the settings below, such as "epochs=20 seed=7".

settings = "epochs=60 network=unet validation=10";

if (getArgument() == "") {
  input = getDirectory("Folder of images and labels");
  output = getDirectory("Folder for the model") + "my.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Segmenter", "data=[" + input + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// From now on it can be used like any other model:
//   run("Spyhop Segment", "model=[" + output + "]");
print("The model is in " + output);
