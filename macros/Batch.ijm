// Does with all images of a folder what a model is for - segment, classify, measure, localize, find
// keypoints, or run a pipeline - and writes tables, regions and pictures into another folder.
//
// If it is interrupted, run it again: images that are finished are passed over.
// From a shell:  spyhop macro macros/Batch.ijm images/ results/ nuclei

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
  model = "nuclei"; // or "whales", or the path of a .spyhop file, such as /data/cells.spyhop
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// Makes the folder for results. Images that cannot be read do not stop the others; at the end, they
// are named in an error.
run("Spyhop Batch", "input=[" + input + "] output=[" + output + "] model=[" + model + "] channel=auto existing=resume");

if (!File.isDirectory(output)) exit("There are no results in " + output);
print("The results are in " + output);
