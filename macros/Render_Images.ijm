// Makes images of the rows of a table with a network that has learnt to, and stacks in which one
// column changes.
//
// The table has the columns that the model learned from. Train_Renderer.ijm trains such a model.
//
// From a shell:  spyhop macro macros/Render_Images.ijm new.csv rendered/ chairs.spyhop azimuth

if (getArgument() == "") {
  table = File.openDialog("Table with a row for each image (.csv)");
  output = getDirectory("Folder for the images");
  model = File.openDialog("Model that makes images from rows (.spyhop)");
  column = getString("Column to go along (empty for none)", "");
} else {
  arguments = split(getArgument(), "\n");
  table = arguments[0];
  output = arguments[1];
  model = arguments[2];
  column = "";
  if (arguments.length > 3) column = arguments[3];
}
if (!File.exists(table)) exit("There is no table " + table);
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// An image for each row, and index.csv.
run("Spyhop Render Images", "model=[" + model + "] rows=[" + table + "] output=[" + output + "]");

// Without a folder the images open as a stack: of each row, twelve along the column.
if (column != "") {
  run("Spyhop Render Images", "model=[" + model + "] rows=[" + table + "] along=[" + column + "] steps=12");
  saveAs("Tiff", output + File.separator + "along_" + column + ".tif");
}
