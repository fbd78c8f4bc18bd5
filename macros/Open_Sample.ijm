// Opens a painted image of nuclei, finds the nuclei in it, and saves both: to see how it is done.
//
// From a shell:  spyhop macro macros/Open_Sample.ijm nuclei nuclei results/

if (getArgument() == "") {
  sample = getString("Sample (nuclei or tissue)", "nuclei");
  model = "nuclei";
  if (sample == "tissue") model = "nuclei-tissue";
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  sample = arguments[0];
  model = arguments[1];
  output = arguments[2] + File.separator;
}
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

run("Spyhop Open Sample", "sample=" + sample + " seed=1");
name = getTitle();
saveAs("Tiff", output + name + ".tif");
image = getImageID();

run("Spyhop Segment", "model=[" + model + "] table=true manager=false");
if (getImageID() == image) exit("There is no label image of " + name);
saveAs("Tiff", output + name + "_labels.tif");
