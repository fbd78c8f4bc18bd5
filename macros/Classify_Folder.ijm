// Says for every TIFF, PNG and JPEG image of a folder what it shows: results.csv has a row for each,
// with the most likely class and how likely it is.
//
// From a shell:  spyhop macro macros/Classify_Folder.ijm images/ results/ species.spyhop

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
  model = File.openDialog("Model that classifies (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
  model = arguments[2];
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
    // top=3 would list the three most likely classes
    run("Spyhop Classify", "model=[" + model + "] top=1 table=true rename=false write=false");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults < images) exit("Only " + nResults + " of " + images + " images were classified");
saveAs("Results", output + "results.csv");
