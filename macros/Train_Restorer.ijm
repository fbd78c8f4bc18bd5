// Trains a model that restores images, on a folder with two folders of images that are called alike: input
// and target (or low and high, noisy and clean), or on noisy images alone.
//
// From a shell:  spyhop macro macros/Train_Restorer.ijm data/ denoise.spyhop pairs

options = "";
if (getArgument() == "") {
  data = getDirectory("Folder of images");
  output = getDirectory("Folder for the model") + "denoise.spyhop";
  method = "pairs"; // or blindspots, for noisy images alone
} else {
  arguments = split(getArgument(), "\n");
  data = arguments[0];
  output = arguments[1];
  method = arguments[2];
  if (arguments.length > 3) options = arguments[3];
}
run("Spyhop Train Restorer", "data=[" + data + "] output=[" + output + "] method=" + method
    + " error=l2 " + options);
if (!File.exists(output)) exit("No model was written to " + output);
