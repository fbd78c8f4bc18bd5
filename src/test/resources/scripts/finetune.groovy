#@ File (label = "Folder of images and labels", style = "directory") folder
#@ File (label = "Model to write", style = "save") output
#@ String (label = "Model", value = "nuclei") model
#@ Integer (label = "Epochs", value = 30) epochs
#@output String figures

import sc.fiji.spyhop.ij.ImageFiles
import sc.fiji.spyhop.model.ModelFile
import sc.fiji.spyhop.model.ModelRegistry
import sc.fiji.spyhop.training.finetuning.Continuation

base = ModelRegistry.standard().find(model)
mine = Continuation.of(base, folder.toPath(), new ImageFiles())
    .named("mine")
    .epochs(epochs)
    .train()
figures = mine.spec().training().figures().toString()
ModelFile.write(mine, output.toPath())
