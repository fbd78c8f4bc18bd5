// Teaches a model what it got wrong: you correct what it has drawn, and it learns from that.
//
// Before: open an image and run Spyhop Segment. In the ROI Manager, delete outlines that are wrong,
// and draw those that are missing (press t after each). Then run this.
//
// From a shell, for an image saved with the corrected outlines (Image > Overlay > From ROI Manager):
//   spyhop macro macros/Fine_Tune.ijm corrected.tif better.spyhop nuclei
// A fourth argument replaces the settings below, such as "epochs=5 complete=true validation=0".

settings = "complete=true validation=0"; // complete: what is not outlined now is background

if (getArgument() == "") {
  output = getDirectory("Folder for the new model") + "better.spyhop";
  model = getString("Model to teach, by name or file", "nuclei");
} else {
  arguments = split(getArgument(), "\n");
  setBatchMode(true); // there is no window to show it in
  open(arguments[0]);
  output = arguments[1];
  model = arguments[2];
  if (arguments.length > 3) settings = arguments[3];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// Takes minutes. Esc stops it, and keeps the best network so far.
run("Spyhop Fine-Tune",
  "model=[" + model + "] image=[" + getTitle() + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// Look at another image with it, and correct that:
//   run("Spyhop Segment", "model=[" + output + "]");
print("The new model is in " + output);
