package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.model.UsualChain;

/**
 * Puts models together to a pipeline. In a macro:
 *
 * <pre>run("Spyhop Build Pipeline", "localizer=/a.spyhop points=/b.spyhop "
 *     + "anchors=[snout:48:10, tail:48:80] classifier=/c.spyhop side=96 output=/d.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Build Pipeline",
    headless = true,
    description = "Puts models that find, align and classify together to one pipeline.")
public final class BuildPipelineCommand extends ContextCommand {

  @Parameter(
      label = "Localizer",
      required = false,
      persist = false,
      description = "Model that finds objects, by name or file; empty to look at whole images.")
  private String localizer = "";

  @Parameter(
      label = "Least score",
      persist = false,
      description = "Of an object to go on with, from 0 to 1.")
  private double score = 0.3;

  @Parameter(
      label = "Margin",
      persist = false,
      description = "Of what is cut out around a box, as a share of its longer side.")
  private double margin = 0.15;

  @Parameter(
      label = "Pictures, pixels",
      persist = false,
      description = "Width and height of pictures of objects.")
  private int side = 96;

  @Parameter(
      label = "Keypoints",
      required = false,
      persist = false,
      description = "Model that finds keypoints in pictures, by name or file; empty for none.")
  private String points = "";

  @Parameter(
      label = "Anchors",
      required = false,
      persist = false,
      description =
          "Where keypoints go in the aligned picture, such as snout:48:10, tail:48:80; empty not to"
              + " align.")
  private String anchors = "";

  @Parameter(
      label = "Classifier",
      required = false,
      persist = false,
      description = "Model that says of which class a picture is, by name or file.")
  private String classifier = "";

  @Parameter(
      label = "Segmenter",
      required = false,
      persist = false,
      description = "Model that finds regions in a picture, by name or file.")
  private String segmenter = "";

  @Parameter(
      label = "Regressor",
      required = false,
      persist = false,
      description = "Model that measures a picture, by name or file.")
  private String regressor = "";

  @Parameter(
      label = "Pipeline to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Otherwise a file of that name is left as it is.")
  private boolean replace = false;

  /**
   * @throws SpyhopException if a model is missing, or the chain does not fit
   */
  @Override
  public void run() {
    Path file = Targets.pipeline(output, replace);
    if (List.of(localizer, points, classifier, segmenter, regressor).stream()
        .allMatch(String::isBlank)) {
      throw new SpyhopException("Expected a model for at least one step, received none.");
    }
    List<PipelineStep.Anchor> places =
        anchors.isBlank()
            ? List.of()
            : Arrays.stream(anchors.split(",")).map(a -> UsualChain.anchor(a.strip())).toList();
    Pipeline pipeline =
        new UsualChain(
                find(localizer),
                List.of(),
                score,
                100,
                margin,
                side,
                side,
                find(points),
                0.1,
                places,
                find(classifier),
                find(segmenter),
                find(regressor))
            .pipeline(Targets.name(file), "", ModelSpec.Training.UNKNOWN, "", "", "");
    PipelineFile.write(pipeline, file);
    IJ.log("Spyhop: pipeline written to " + file);
  }

  private static Optional<Model> find(String nameOrPath) {
    return nameOrPath.isBlank()
        ? Optional.empty()
        : Optional.of(ModelRegistry.standard().find(nameOrPath.strip()));
  }
}
