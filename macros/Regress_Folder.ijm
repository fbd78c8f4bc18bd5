// Measures every TIFF image of a folder with a model that has learnt to: results.csv has a row for
// each image, and a column for each number, in its unit.
//
// From a shell:  spyhop macro macros/Regress_Folder.ijm images/ age.spyhop results/

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  model = File.openDialog("Model that measures (.spyhop)");
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  model = arguments[1];
  output = arguments[2] + File.separator;
}

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    run("Spyhop Regress", "model=[" + model + "] channel=auto regions=slices");
    close("*");
  }
}
saveAs("Results", output + "results.csv");
