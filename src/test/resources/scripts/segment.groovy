#@ File (label = "Image") input
#@ File (label = "Label image to write", style = "save") output
#@ String (label = "Model", value = "nuclei") model
#@output Integer count

import sc.fiji.spyhop.ij.ImageFiles
import sc.fiji.spyhop.image.Imgs
import sc.fiji.spyhop.image.NumpyImages
import sc.fiji.spyhop.inference.Runner
import sc.fiji.spyhop.task.TaskKind

image = new ImageFiles().readFrame(input.toPath())
found = Runner.open(model, TaskKind.SEGMENTATION).withCloseable { it.predict(image) }
count = found.segments().size()
println "Mean area: ${found.segments().average { it.area() }} pixels"
NumpyImages.write(Imgs.labels(found), output.toPath())
