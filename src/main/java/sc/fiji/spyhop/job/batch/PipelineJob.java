package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.util.Strings;

/**
 * Runs a chain of networks: regions and a picture of each image, and a table of all that was found.
 *
 * @param pipeline name or file
 * @param top how many classes to tell of an object, from 1
 * @param scaling in which scale images are shown to the first step
 * @param precision in which they are asked to compute
 */
public record PipelineJob(String pipeline, int top, Scaling scaling, Precision precision)
    implements BatchJob {

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(scaling.settings());
    settings.put("top", String.valueOf(top));
    return settings;
  }

  @Override
  public List<String> endings() {
    return List.of(Endings.ROIS, Endings.OVERLAY);
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    PipelineRunner chain = PipelineRunner.open(pipeline, scaling, precision);
    FindingTable table =
        new FindingTable(chain.classes(), chain.keypoints(), chain.measures(), top);
    return new Session() {
      @Override
      public String title() {
        return "Pipeline " + chain.pipeline().spec().name() + " on " + chain.device();
      }

      @Override
      public String fingerprint() {
        return chain.pipeline().crc32();
      }

      @Override
      public ModelSpec.Input input() {
        return chain.input();
      }

      @Override
      public List<Column> columns() {
        return ScaleColumn.after(Column.all(table.header().toArray(String[]::new)));
      }

      @Override
      public Found look(Image image, Progress progress) {
        ShownScale scale = chain.scale(image.frames().samples(), progress);
        return new Findings(
            image.title(),
            chain,
            table,
            HyperstackResults.run(
                image.frames(), (frame, part) -> chain.run(frame, scale.factor(), part), progress),
            scale);
      }

      @Override
      public void close() {
        chain.close();
      }
    };
  }

  private record Findings(
      String name,
      PipelineRunner chain,
      FindingTable table,
      HyperstackResults<PipelineResult> found,
      ShownScale scale)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      return found.planes().stream()
          .flatMap(p -> table.rows(name, p.z(), p.t(), p.result()).stream())
          .map(row -> ScaleColumn.after(row, scale));
    }

    @Override
    public long count() {
      return found.planes().stream().mapToLong(p -> p.result().findings().size()).sum();
    }

    @Override
    public String summary() {
      return found.planes().stream()
              .map(p -> p.result().summary(chain.classes()))
              .collect(Collectors.joining("; "))
          + scale.inScale();
    }

    @Override
    public void write(Function<String, Path> place) {
      List<Roi> rois = PipelineRois.of(found, chain);
      Rois.writeZip(place.apply(Endings.ROIS), rois);
      Overlays.writePng(
          place.apply(Endings.OVERLAY), found.image(), HyperstackResults.overlay(rois));
    }
  }
}
