// Finds named points, such as snout and tail, in every TIFF, PNG and JPEG image of a folder:
// keypoints.csv has a row for each point that was found.
//
// From a shell:  spyhop macro macros/Keypoints_Folder.ijm images/ results/ mouse.spyhop
// For a model that finds the points of objects in boxes, a second model draws the boxes:
//   spyhop macro macros/Keypoints_Folder.ijm images/ results/ mouse.spyhop mice.spyhop

localizer = ""; // a model that draws boxes, such as "/data/mice.spyhop"; empty: whole images

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
  model = File.openDialog("Model that finds keypoints (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
  model = arguments[2];
  if (arguments.length > 3) localizer = arguments[3];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    regions = "slices";
    if (localizer != "") {
      run("Spyhop Localize", "model=[" + localizer + "] table=false manager=false");
      regions = "overlay"; // where the boxes are now
    }
    if (localizer == "" || Overlay.size > 0)
      run("Spyhop Keypoints", "model=[" + model + "] regions=" + regions + " manager=false");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults == 0) exit("No keypoint was found in " + images + " images");

// Places are in pixels from the upper left corner, and in units too if an image has them.
saveAs("Results", output + "keypoints.csv");
