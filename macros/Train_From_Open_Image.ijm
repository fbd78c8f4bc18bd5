// Trains a network on what you have drawn in the current image: areas in the ROI Manager or, as
// here, in the overlay. No folder has to be made.
//
// From a shell, for an image saved with its overlay:
//   spyhop macro macros/Train_From_Open_Image.ijm annotated.tif my.spyhop
// A third argument replaces the settings below, such as "epochs=20 complete=false".

settings = "epochs=60 complete=true validation=0";

if (getArgument() == "") {
  output = getDirectory("Folder for the model") + "my.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  setBatchMode(true); // there is no window to show it in
  open(arguments[0]);
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Segmenter", "image=[" + getTitle() + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// Apply it, correct what is wrong in the ROI Manager, and go on from the model you have:
//   run("Spyhop Segment", "model=[" + output + "]");
//   run("Spyhop Fine-Tune", "model=[" + output + "] image=[" + getTitle() + "] complete=true output=[...]");
print("The model is in " + output);
