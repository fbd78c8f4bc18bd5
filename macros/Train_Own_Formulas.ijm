// Trains a network with a function and a loss of your own, written as formulas.
//
// The folder holds a folder for each class, named after it, with images of that class.
// docs/formulas.md tells what formulas may say.
//
// From a shell:  spyhop macro macros/Train_Own_Formulas.ijm mydata/ species.spyhop
// A third argument replaces the settings below, such as "epochs=20 seed=7".

settings = "epochs=30 validation=10";

// A swish behind each convolution, and a loss by which sure answers count less (Lin et al. 2017).
network = "16C3 [x*sigmoid(1.7*x)] MP2 32C3 [x*sigmoid(1.7*x)] GAP FC";
loss = "-mean(sum(t*(1-p)^2*log(p), channels))";

if (getArgument() == "") {
  input = getDirectory("Folder with a folder for each class");
  output = getDirectory("Folder for the model") + "species.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

run("Spyhop Train Classifier", "data=[" + input + "] output=[" + output + "] network=[" + network
    + "] loss=[" + loss + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);
print("The model is in " + output);
