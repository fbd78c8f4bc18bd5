// Shows the kernels of the first layer of a model: each in its own range, and those that answer to
// edges of one orientation with a frame, their orientation (degrees) and frequency (cycles per pixel).
//
// From a shell:  spyhop macro macros/Show_Kernels.ijm nuclei results

if (getArgument() == "") {
  model = getString("Model, by name or .spyhop file", "nuclei");
  output = getDirectory("Folder for the results");
} else {
  arguments = split(getArgument(), "\n");
  model = arguments[0];
  output = arguments[1];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// kernels.png, and kernels.csv with a row for each
run("Spyhop Show Kernels", "model=[" + model + "] output=[" + output + "] replace=true");
