// Segments every TIFF, PNG and JPEG image of a folder without showing it, and measures all objects in
// one table.
//
// From a shell:  spyhop macro macros/Segment_Folder.ijm images/ results/ nuclei

model = "nuclei"; // or the path of a .spyhop file, such as /data/cells.spyhop

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
  if (arguments.length > 2) model = arguments[2];
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
    image = getImageID();
    run("Spyhop Segment", "model=[" + model + "] channel=auto table=true manager=false");
    if (getImageID() == image) exit("There is no label image of " + files[i]);
    saveAs("Tiff", output + File.getNameWithoutExtension(files[i]) + "_labels.tif");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults == 0) exit("No object was found in " + images + " images");
saveAs("Results", output + "results.csv");
