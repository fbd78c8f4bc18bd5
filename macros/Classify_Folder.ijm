// Says for every TIFF image of a folder what it shows: results.csv has a row for each, with the
// most likely class and how likely it is.
//
// From a shell:  spyhop macro macros/Classify_Folder.ijm images/ species.spyhop results/

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  model = File.openDialog("Model that classifies (.spyhop)");
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
    // top=3 would list the three most likely classes
    run("Spyhop Classify", "model=[" + model + "] top=1 table=true rename=false write=false");
    close("*");
  }
}
saveAs("Results", output + "results.csv");
