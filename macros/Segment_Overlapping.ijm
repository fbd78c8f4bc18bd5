// Segments classes of pixels that may lie over each other: trains, and segments an image.
//
// The folder holds images and, for each image and class, a mask (0, and 255 where it is):
//   images/cell_01.tif   masks/cell_01_membrane.png   masks/cell_01_vesicle.png
// "spyhop sample mixtures --output painted" paints such a folder.
//
// From a shell:  spyhop macro macros/Segment_Overlapping.ijm painted/ mine.spyhop image.tif masks.tif
// A fifth argument replaces the settings below, such as "epochs=5 seed=7".

settings = "epochs=30 validation=10";

if (getArgument() == "") {
  input = getDirectory("Folder of images and masks");
  output = getDirectory("Folder for the model") + "overlapping.spyhop";
  image = File.openDialog("Image to segment");
  result = "";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  image = arguments[2];
  result = arguments[3];
  if (arguments.length > 4) settings = arguments[4];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Segmenter", "data=[" + input + "] output=[" + output + "] several=true " + settings);
if (!File.exists(output)) exit("No model was written to " + output);

open(image);
run("Spyhop Segment", "model=[" + output + "] table=false");

// A channel for each class, named after it: 255 where it is. A pixel may be of several.
getDimensions(width, height, channels, slices, frames);
for (c = 1; c <= channels; c++) {
  if (channels > 1) Stack.setChannel(c);
  getRawStatistics(count, mean);
  print(getInfo("slice.label") + ": " + d2s(100 * mean / 255, 1) + " % of the pixels");
}
if (result != "") saveAs("Tiff", result);
