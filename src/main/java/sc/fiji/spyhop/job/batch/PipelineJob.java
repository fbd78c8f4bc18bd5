package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.util.Strings;

/**
 * Runs a chain of networks: regions and a picture of each image, and a table of all that was found.
 *
 * @param pipeline name or file
 * @param top how many classes to tell of an object, from 1
 * @param look how objects are looked for; the scale is that of the first step, and boxes are
 *     measured
 * @param classes of what is kept
 */
public record PipelineJob(String pipeline, int top, Look look, KeptClasses classes)
    implements BatchJob {

  /**
   * Throws a {@link sc.fiji.spyhop.job.SettingException} if only parts of images are to be looked
   * at, or something measured that boxes do not have.
   */
  public PipelineJob {
    look.requireAll("pipelines");
    look.requireMeasures(Measures.Of.BOXES);
  }

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = look.settings();
    settings.put("top", String.valueOf(top));
    settings.putAll(Adjust.settings(classes));
    return settings;
  }

  @Override
  public List<String> endings() {
    return List.of(Endings.ROIS, Endings.GEOJSON, Endings.OVERLAY);
  }

  @Override
  public Precision precision() {
    return look.precision();
  }

  @Override
  public List<String> averaged() {
    return List.of("probability", "score");
  }

  @Override
  public boolean countsObjects() {
    return true;
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    PipelineRunner chain = PipelineRunner.open(pipeline, look.scaling(), look.precision(), classes);
    try {
      Adjust.require(classes, chain.allClasses());
    } catch (SpyhopException e) {
      chain.close();
      throw e;
    }
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
      public Frames frames(ImagePlus image, ChannelChoice channels) {
        ModelSpec.Input input = chain.input();
        return Frames.of(image, channels, input.channels(), input.colors());
      }

      @Override
      public Optional<String> remark(PixelSize image) {
        return image.shownTo(chain.input().pixelSize());
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
            look.measures(),
            scale);
      }

      @Override
      public void close() {
        chain.close();
      }
    };
  }
}
