package sc.fiji.spyhop.job.batch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.util.Strings;

/**
 * Runs a chain of networks: regions and a picture of each image, and a table of all that was found.
 *
 * @param pipeline name or file
 * @param top how many classes to tell of an object, from 1
 * @param scaling in which scale images are shown to the first step
 * @param measures what is measured of the box of each object
 */
public record PipelineJob(String pipeline, int top, Scaling scaling, Measures measures)
    implements BatchJob {

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(scaling.settings());
    settings.put("measure", measures.toString());
    settings.put("top", String.valueOf(top));
    return settings;
  }

  @Override
  public List<String> endings() {
    return List.of(Endings.ROIS, Endings.OVERLAY);
  }

  @Override
  public List<String> averaged() {
    return List.of("probability", "score");
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    PipelineRunner chain = PipelineRunner.open(pipeline, scaling);
    FindingTable table = FoundFindings.table(chain, top);
    return new Session() {
      @Override
      public String model() {
        return chain.pipeline().spec().name();
      }

      @Override
      public String device() {
        return chain.deviceName();
      }

      @Override
      public String title() {
        return "Pipeline " + model() + " on " + chain.device();
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
        return FoundFindings.columns(table);
      }

      @Override
      public Found look(Image image, Progress progress) {
        ShownScale scale = chain.scale(image.frames().samples(), progress);
        return FoundFindings.of(
            image.title(),
            chain,
            table,
            HyperstackResults.run(
                image.frames(), (frame, part) -> chain.run(frame, scale.factor(), part), progress),
            measures,
            scale);
      }

      @Override
      public void close() {
        chain.close();
      }
    };
  }
}
