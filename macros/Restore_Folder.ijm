// Restores every TIFF, PNG and JPEG image of a folder with a model that has learnt to, and saves the results
// as TIFF: of the same size, slices, channels, time points and calibration.
//
// From a shell:  spyhop macro macros/Restore_Folder.ijm images/ restored/ denoise.spyhop

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for restored images");
  model = File.openDialog("Model that restores (.spyhop)");
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
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    name = File.getNameWithoutExtension(files[i]);
    run("Spyhop Restore", "model=[" + model + "] channel=auto type=float");
    saveAs("Tiff", output + name + "_restored.tif");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
