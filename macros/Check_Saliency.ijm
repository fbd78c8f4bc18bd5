// Tells of saliency maps of an image whether they can be believed: whether hiding what matters by the
// map lowers the score sooner than hiding anything else, and whether the map depends on what the
// network has learnt.
//
// From a shell:  spyhop macro macros/Check_Saliency.ijm image.tif results/check.csv species.spyhop

if (getArgument() == "") {
  open(File.openDialog("Image"));
  output = getDirectory("Folder for the table") + getTitle() + "_check.csv";
  model = File.openDialog("Model (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  output = arguments[1];
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));

// A row for each method. deletion is to be lower than deletion_random, insertion higher than
// insertion_random, and random_LAYER near 0.
run("Spyhop Check Saliency", "model=[" + model + "] methods=gradient,integrated stages=3 seed=1");

if (nResults == 0) exit("There are no results of " + getTitle());
saveAs("Results", output);
