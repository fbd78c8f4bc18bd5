// Paints an image in the style of another, by what a network makes of both.
//
// From a shell:  spyhop macro macros/Transfer_Style.ijm photo.png painting.png results/painted.tif

if (getArgument() == "") {
  open(File.openDialog("Image"));
  style = File.openDialog("Image whose style it gets");
  output = getDirectory("Folder for the result") + getTitle() + "_style.tif";
  settings = "";
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  style = arguments[1];
  output = arguments[2];
  settings = "";
  if (arguments.length > 3) settings = arguments[3];
}
if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));

// colors=luminance keeps those of the image, strength=1000 gives more of the style;
// model=NAME chooses another network, such as vgg19
image = getImageID();
run("Spyhop Transfer Style", "style=[" + style + "] " + settings);

if (getImageID() == image) exit("Nothing was painted of " + getTitle());
saveAs("Tiff", output);
