package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.pipeline.training.ChainOptions;
import sc.fiji.spyhop.pipeline.training.ChainTraining;
import sc.fiji.spyhop.pipeline.training.Photographs;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Version;

/** Trains all networks of a pipeline. */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a pipeline that finds an object, aligns it by its keypoints and classifies it.",
      "All comes from one annotated data set: index.csv (image,class), boxes.csv and keypoints.csv.",
      "Images that are held out tell how far boxes and alignments of the first two networks are off;",
      "the classifier is trained on pictures with such errors. Each network is kept as soon as it is",
      "finished; after Ctrl-C, --resume goes on with the next."
    },
    footer = {
      "",
      "Example:",
      "  spyhop sample whales --seed 1 --count 240 --output whales",
      "  spyhop pipeline train --data whales --output mine.spyhop"
    })
final class TrainPipeline extends Job {

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Pipeline to write, such as my.spyhop.")
  private Path output;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      description = "Share of the images to measure errors on, never trained on (default: 0.15).")
  private double heldOut = ChainOptions.DEFAULT.heldOut();

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description = "Width and height of pictures of objects, a multiple of 16 (default: 96).")
  private int side = ChainOptions.DEFAULT.side();

  @Option(
      names = "--margin",
      paramLabel = "M",
      description = "Cut out around a box, as a share of its longer side (default: 0.15).")
  private double margin = ChainOptions.DEFAULT.margin();

  @Option(
      names = "--scale",
      paramLabel = "F",
      description =
          "Show images to the localizer in this scale (default: 1, 1/2, 1/4 ..., so that the longest"
              + " side is at most 512 pixels).")
  private Optional<Double> scale = Optional.empty();

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "N",
      description =
          "Channels of each level of the networks that find boxes and keypoints (default:"
              + " 16,32,64).")
  private List<Integer> widths = ChainOptions.DEFAULT.widths();

  @Option(
      names = "--network",
      paramLabel = "TEXT",
      description = "Layers of the classifier, or a preset (default: a small network).")
  private String network = ChainOptions.DEFAULT.classifier();

  @Option(
      names = "--copies",
      paramLabel = "N",
      description = "Pictures of each object, each with another error (default: 4).")
  private int copies = ChainOptions.DEFAULT.copies();

  @Option(
      names = "--rounds",
      split = ",",
      paramLabel = "N",
      description = "Epochs of localizer, keypoint finder and classifier (default: 30,12,16).")
  private List<Integer> rounds = ChainOptions.DEFAULT.rounds();

  @Option(names = "--batch", paramLabel = "N", description = "Pictures a minibatch (default: 16).")
  private int batch = ChainOptions.DEFAULT.batch();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Same seed, same split, errors and first weights (default: 1).")
  private long seed = ChainOptions.DEFAULT.seed();

  @Option(names = "--resume", description = "Take over the networks that are finished.")
  private boolean resume;

  @Option(names = "--force", description = "Replace a pipeline or a training that exists.")
  private boolean force;

  @Mixin private AboutOptions about = new AboutOptions();

  @Override
  public Integer call() {
    ChainOptions options =
        new ChainOptions(
            heldOut, side, margin, scale, widths, network, copies, rounds, batch, seed);
    Folders.require(data, "a folder with index.csv, boxes.csv and keypoints.csv");
    requireFree(output, force || resume);
    Folders.requireWritable(output.toAbsolutePath().getParent());
    Path folder = output.resolveSibling(Trainings.name(output) + "-training");
    prepare(folder);
    Photographs photographs = Photographs.read(data, new ImageFiles());
    photographs.left().forEach(console()::say);
    ModelTraining.About named = about.about(output);
    ChainTraining training =
        new ChainTraining(
            named,
            new ModelTraining.Origin(
                Trainings.command(spec),
                "Spyhop " + Version.number(),
                data.toAbsolutePath().getFileName().toString()),
            photographs,
            folder,
            options);
    Engine engine = Engines.forTraining();
    ChainTraining.Outcome outcome;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Training", 1)) {
      progress.begin("training");
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void message(String text) {
              progress.say(text);
            }

            @Override
            public void epoch(Epoch epoch, int epochs) {
              progress.say(epoch.line(epochs));
            }
          };
      outcome = training.run(engine, engine.devices().get(0), listener, progress);
    }
    if (outcome.pipeline().isPresent()) {
      PipelineFile.write(outcome.pipeline().get(), output);
      console().out().println(outcome.explanation() + " Written to " + output);
    } else {
      console().error(outcome.explanation());
    }
    return Trainings.exitCode(outcome.reason());
  }

  private void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String part : ChainTraining.PARTS) {
        Path file = folder.resolve(part + ModelFile.EXTENSION);
        if (resume || !Files.exists(file)) continue;
        if (!force) {
          throw new SpyhopException(
              folder
                  + " holds an earlier training. Add --resume to go on with it, or --force to"
                  + " start anew.");
        }
        Files.delete(file);
      }
    } catch (IOException e) {
      throw Folders.cannotWrite(folder, e);
    }
  }
}
