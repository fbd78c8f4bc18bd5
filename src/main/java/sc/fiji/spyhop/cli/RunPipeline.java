package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.gui.Roi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.Chain;
import sc.fiji.spyhop.pipeline.ChainResult;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.FindingTable;

/** Runs a pipeline on image files. */
@Command(
    name = "run",
    description = {
      "Runs a pipeline on images. Of all together it writes results.csv (image, object, rank, class,",
      "probability, box, keypoints, and what was not found), and of each image NAME_overlay.png (to",
      "look at) and NAME_rois.zip (for the ROI Manager). All coordinates are those of the image."
    },
    footer = {
      "",
      "Example:",
      "  spyhop pipeline run --pipeline whales --output results photographs/"
    })
final class RunPipeline extends FolderJob {

  @Option(
      names = "--pipeline",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a pipeline (see spyhop models) or its file.")
  private String pipeline;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many classes to tell of each object (default: ${DEFAULT-VALUE}).")
  private int top;

  private int objects;

  @Override
  void check() {
    if (top < 1) throw misuse("--top: expected a number from 1, received " + top + ".");
  }

  @Override
  List<Path> files(String name) {
    return List.of(rois(name), overlay(name));
  }

  @Override
  Optional<String> found() {
    return Optional.of(objects + " objects");
  }

  @Override
  int process(Map<String, Path> files, ChannelChoice choice) {
    int done = 0;
    try (Chain chain = Chain.open(pipeline)) {
      console().say("Pipeline " + chain.pipeline().spec().name() + " on " + chain.device());
      FindingTable columns =
          new FindingTable(chain.classes(), chain.keypoints(), chain.measures(), top);
      try (CsvRows rows =
              new CsvRows(output.resolve(table()), columns.header().toArray(String[]::new));
          ConsoleProgress progress = new ConsoleProgress(console(), "Looking", files.size())) {
        try {
          for (Map.Entry<String, Path> entry : files.entrySet()) {
            progress.checkCancelled();
            progress.begin(entry.getValue().getFileName().toString());
            if (run(entry.getKey(), entry.getValue(), chain, choice, columns, rows, progress)) {
              done++;
            }
          }
        } finally {
          rows.finish();
        }
      }
    } catch (CancellationException e) {
      console().say("Stopped after " + done + " of " + files.size() + " images.");
      throw e;
    }
    return done;
  }

  private boolean run(
      String name,
      Path file,
      Chain chain,
      ChannelChoice choice,
      FindingTable columns,
      CsvRows rows,
      ConsoleProgress progress) {
    HyperstackResults<ChainResult> found;
    ImagePlus image;
    try {
      image = ImageFiles.open(file);
      ModelSpec.Input input = chain.input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      found = HyperstackResults.run(frames, chain::run, progress);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      failed(file, e, progress);
      return false;
    }
    List<Roi> rois =
        found.rois(
            r -> r.annotation(chain.classes()),
            RunPipeline::regions,
            chain.types(),
            chain.layout());
    Rois.writeZip(rois(name), rois);
    Overlays.writePng(overlay(name), image, HyperstackResults.overlay(rois));
    for (HyperstackResults.Plane<ChainResult> plane : found.planes()) {
      objects += plane.result().findings().size();
      columns
          .rows(file.getFileName().toString(), plane.z(), plane.t(), plane.result())
          .forEach(row -> rows.add(row.toArray()));
    }
    progress.end(
        file
            + ": "
            + found.planes().stream()
                .map(p -> p.result().summary(chain.classes()))
                .collect(Collectors.joining("; ")));
    return true;
  }

  private static List<HyperstackResults.PlacedLabels> regions(ChainResult result) {
    List<HyperstackResults.PlacedLabels> all = new ArrayList<>();
    for (Finding f : result.findings()) {
      f.regions()
          .ifPresent(
              r ->
                  all.add(
                      new HyperstackResults.PlacedLabels(
                          "object " + f.number() + " region",
                          r.x(),
                          r.y(),
                          r.segmentation().labels())));
    }
    return all;
  }
}
