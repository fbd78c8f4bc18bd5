// How easily is a classifier fooled? Makes images that show nothing and that the model is sure of, one
// for each class, and writes them with a table to a folder.
//
// From a shell:  spyhop macro macros/Fool_Model.ijm digits results cppn

if (getArgument() == "") {
  model = getString("Model that classifies, by name or .spyhop file", "digits");
  output = getDirectory("Folder for the results");
  method = getString("Method (direct, cppn or gradient)", "cppn");
} else {
  arguments = split(getArgument(), "\n");
  model = arguments[0];
  output = arguments[1];
  method = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// images/, fooling.png with all of them, and results.csv: how sure the model is of each, in which
// generation it was found, and what the warning for unlike images says of it
run("Spyhop Fool Model", "model=[" + model + "] method=" + method + " classes=all generations=200"
    + " seed=1 output=[" + output + "] replace=true");
