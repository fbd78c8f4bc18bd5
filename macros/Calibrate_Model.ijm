// Fits the thresholds and scores of a model to some annotated images of your own, without training
// it: images/NAME.tif with labels/NAME.tif in a folder.
//
// From a shell:  spyhop macro macros/Calibrate_Model.ijm nuclei mydata/ mynuclei.spyhop

if (getArgument() == "") {
  model = getString("Model", "nuclei");
  data = getDirectory("Folder of annotated images");
  output = File.openDialog("Model to write");
} else {
  arguments = split(getArgument(), "\n");
  model = arguments[0];
  data = arguments[1];
  output = arguments[2];
}

run("Spyhop Calibrate Model", "model=[" + model + "] data=[" + data + "] output=[" + output + "] replace=true");
if (!File.exists(output)) exit("There is no model " + output);
