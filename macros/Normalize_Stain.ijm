// Brings the colours of stained tissue to those of a reference, for all images of a folder.
//
// From a shell:  spyhop macro macros/Normalize_Stain.ijm images reference.png results macenko

if (getArgument() == "") {
  images = getDirectory("Folder of images");
  reference = File.openDialog("Image that they are to look like");
  output = getDirectory("Folder for the results");
  method = "macenko";
} else {
  arguments = split(getArgument(), "\n");
  images = arguments[0];
  reference = arguments[1];
  output = arguments[2];
  method = arguments[3];
}
if (!endsWith(images, File.separator)) images = images + File.separator;
if (!endsWith(output, File.separator)) output = output + File.separator;
File.makeDirectory(output);
setBatchMode(true);
files = getFileList(images);
for (i = 0; i < files.length; i++) {
  if (!matches(toLowerCase(files[i]), ".*\\.(tiff?|png|jpe?g|bmp)")) continue;
  open(images + files[i]);
  run("Spyhop Normalize Stain", "reference=[" + reference + "] method=" + method);
  saveAs("Tiff", output + File.getNameWithoutExtension(files[i]) + "_stain.tif");
  close("*");
}
