package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.bioimage.BioimageImport;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.download.BioimageZoo;
import sc.fiji.spyhop.model.download.Catalogue;
import sc.fiji.spyhop.model.download.Downloads;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/** Gets well-known networks from their public homes. */
@Command(
    name = "download",
    description = {
      "Downloads a well-known network, or a model of bioimage.io.",
      "It comes from its public home, is checked against the checksum that its publisher gives, and",
      "becomes a model in your own folder, to be asked for by name. Without a name, all there are",
      "are listed, also those of plugins. A download that was stopped goes on where it was. Of a",
      "model of bioimage.io one kind of weights is got, and its test is run."
    },
    footer = {
      "",
      "Downloads are kept in ~/.spyhop/downloads, or in the folder that SPYHOP_DOWNLOADS names.",
      "",
      "Examples:",
      "  spyhop models download",
      "  spyhop models download mobilenetv2",
      "  spyhop models download affable-shark",
      "  spyhop models download 10.5281/zenodo.5764892"
    })
final class ModelsDownload extends Job {

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "Name of the network; or a model of bioimage.io: its nickname (affable-shark), its DOI at"
              + " Zenodo, or the address of its rdf.yaml.")
  private Optional<String> name;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Model to write (default: your own folder of models).")
  private Optional<Path> output;

  @Option(
      names = "--keep",
      paramLabel = "NAME",
      description = "Of a model of bioimage.io with several outputs: the one that is kept.")
  private Optional<String> keep;

  @Option(names = "--force", description = "Replace the model if it exists.")
  private boolean force;

  @Override
  public Integer call() {
    Catalogue catalogue = Catalogue.standard();
    if (name.isEmpty()) {
      for (Catalogue.Entry e : catalogue.entries()) {
        console()
            .out()
            .println(
                Strings.format(
                    "%-12s %6.1f MB  %s (%s)",
                    e.name(), e.bytes() / 1e6, e.description(), e.license()));
      }
      return ExitCode.OK;
    }
    boolean zoo = BioimageZoo.takes(name.get()) && !catalogue.has(name.get());
    String model = zoo ? BioimageZoo.nameOf(name.get()) : catalogue.find(name.get()).name();
    Path target = output.orElseGet(() -> own(model));
    requireTarget(target);
    NetworkImport.Result result;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "download", 1)) {
      progress.begin(model);
      result =
          zoo
              ? fromZoo(model, progress)
              : catalogue.find(name.get()).fetch(Downloads.standard(), progress);
      ModelFile.write(result.model(), target);
      progress.end("Written: " + target);
    }
    result.notes().forEach(console()::say);
    return ExitCode.OK;
  }

  private NetworkImport.Result fromZoo(String model, ConsoleProgress progress) {
    BioimageZoo.Fetched fetched = BioimageZoo.standard().fetch(name.orElseThrow(), progress);
    fetched.notes().forEach(console()::say);
    return new BioimageImport(
            fetched.folder(),
            NetworkImport.About.named(model),
            BioimageImport.Wanted.AS_DESCRIBED.keeping(keep.orElse("").strip()))
        .run(progress);
  }

  private void requireTarget(Path target) {
    try {
      ModelTarget.of(target.toFile(), force);
    } catch (SettingException e) {
      if (e.remedies().isEmpty()) throw misuse("--output: " + e.sentence());
      throw new SpyhopException(e.sentence() + " (--force).", e);
    }
  }

  private static Path own(String model) {
    Path folder = ModelRegistry.standard().userFolder();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format(
              "Cannot write %s: %s. Name another folder of models with SPYHOP_MODELS, or a file with"
                  + " --output.",
              folder, AtomicFile.reason(e)),
          e);
    }
    return folder.resolve(model + ModelFile.EXTENSION);
  }
}
