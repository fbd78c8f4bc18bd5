// Shows what the feature maps of a layer answer to: where in a folder of images each is highest, and
// what in these places makes it so.
//
// From a shell:  spyhop macro macros/Strongest_Patches.ijm images results nuclei down3_conv2_relu

if (getArgument() == "") {
  images = getDirectory("Folder of images");
  output = getDirectory("Folder for the results");
  model = getString("Model, by name or .spyhop file", "nuclei");
  layer = getString("Layer (empty for the last rectifier)", "");
} else {
  arguments = split(getArgument(), "\n");
  images = arguments[0];
  output = arguments[1];
  model = arguments[2];
  layer = arguments[3];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// maps=0 for all; patches.png, patches.tif (a slice for each map), patches.csv and maps.csv
run("Spyhop Strongest Patches", "model=[" + model + "] data=[" + images + "] layer=[" + layer
    + "] maps=8 output=[" + output + "] replace=true");
