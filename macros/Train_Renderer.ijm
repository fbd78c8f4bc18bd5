// Trains a network that makes images from the rows of a table.
//
// The folder holds images and index.csv, with a column image and columns of numbers, angles and
// words that tell what is seen in each.
//
// From a shell:  spyhop macro macros/Train_Renderer.ijm chairs/ chairs.spyhop
// A third argument replaces the settings below, such as "epochs=20 columns=dose,hours".

settings = "epochs=60 validation=10";

if (getArgument() == "") {
  input = getDirectory("Folder of images with index.csv");
  output = getDirectory("Folder for the model") + "rendered.spyhop";
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0];
  output = arguments[1];
  if (arguments.length > 2) settings = arguments[2];
}

// Takes minutes to hours. Esc stops it, and keeps the best network so far.
run("Spyhop Train Renderer", "data=[" + input + "] output=[" + output + "] " + settings);

if (!File.exists(output)) exit("No model was written to " + output);

// Images of other rows are made with Render_Images.ijm:
//   run("Spyhop Render Images", "model=[" + output + "] rows=new.csv");
print("The model is in " + output);
