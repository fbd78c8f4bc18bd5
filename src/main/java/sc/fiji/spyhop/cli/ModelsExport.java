package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.bioimage.BioimageArchive;
import sc.fiji.spyhop.exchange.dl4j.Dl4jExport;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxModel;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Presentation;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/** Writes models for other programs. */
@Command(
    name = "export",
    description = {
      "Exports a model to ONNX, bioimage.io or Deeplearning4j.",
      "ONNX holds the network alone, which takes normalised values, and so does a zip file for",
      "Deeplearning4j (ModelSerializer.restoreComputationGraph). A bioimage.io model (RDF 0.5)",
      "holds all there is to know, and deepImageJ, ilastik and Python run it. What they give are the",
      "network's outputs; objects are put together by Spyhop alone."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop models export nuclei --onnx nuclei.onnx",
      "  spyhop models export nuclei --bioimage nuclei.zip",
      "  spyhop models export nuclei --dl4j nuclei-dl4j.zip"
    })
final class ModelsExport extends Job {

  @Parameters(paramLabel = "NAME|FILE", description = "Name of a model or its file.")
  private String model;

  @Option(names = "--onnx", paramLabel = "FILE", description = "Write the network as ONNX.")
  private Path onnx;

  @Option(
      names = "--bioimage",
      paramLabel = "FILE.zip",
      description = "Write a bioimage.io model: ONNX, rdf.yaml and test tensors.")
  private Path bioimage;

  @Option(
      names = "--dl4j",
      paramLabel = "FILE.zip",
      description = "Write the network for Deeplearning4j, as its ModelSerializer does.")
  private Path dl4j;

  @Option(
      names = "--license",
      paramLabel = "SPDX",
      description = "Licence to name instead of the model's own, such as CC-BY-4.0.")
  private String license;

  @Option(
      names = "--author",
      paramLabel = "TEXT",
      description = "Author to name instead of the model's own.")
  private String author;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Override
  public Integer call() {
    if (onnx == null && bioimage == null && dl4j == null) {
      throw misuse(
          "Expected --onnx FILE, --bioimage FILE.zip or --dl4j FILE.zip, to know what to write.");
    }
    if (onnx != null) requireFree(onnx, force);
    if (bioimage != null) requireFree(bioimage, force);
    if (dl4j != null) requireFree(dl4j, force);
    if (ModelRegistry.standard().isGenerator(model)) {
      return generator(ModelRegistry.standard().findGenerator(model));
    }
    Model found = ModelRegistry.standard().find(model);
    found.requireLayers("it cannot be exported; the file network.onnx in it is what was imported");
    if (!found.quantization().isNone() && (bioimage != null || dl4j != null)) {
      console().say("Only --onnx writes eight bits; the other files have the weights of 32 bits.");
    }
    if (onnx != null) {
      OnnxModel exported =
          OnnxExport.of(found.network(), found.weights(), found.quantization())
              .withRecord(ModelFile.record(found.spec()));
      OnnxWriter.size(exported);
      AtomicFile.write(onnx, out -> OnnxWriter.write(exported, out));
      wroteNetwork(onnx, found);
    }
    if (dl4j != null) {
      Dl4jExport exported = Dl4jExport.of(found.network(), found.weights());
      AtomicFile.write(dl4j, exported::write);
      wroteNetwork(dl4j, found);
    }
    if (bioimage != null) {
      BioimageArchive archive = archive(pictured(found).withSpec(named(found.spec())));
      AtomicFile.write(bioimage, archive::write);
      BioimageArchive.remarks(named(found.spec())).forEach(console()::say);
      console().out().println(bioimage + ": written");
    }
    return ExitCode.OK;
  }

  /** Without bioimage.io, whose models are shown images. */
  private int generator(Generator found) {
    if (bioimage != null) {
      throw misuse(
          "--bioimage: expected a model that is shown images; "
              + found.spec().name()
              + " makes them. Write it with --onnx.");
    }
    if (onnx != null) {
      OnnxModel exported = OnnxExport.of(found.network(), found.weights());
      OnnxWriter.size(exported);
      AtomicFile.write(onnx, out -> OnnxWriter.write(exported, out));
      wrote(onnx, found);
    }
    if (dl4j != null) {
      Dl4jExport exported = Dl4jExport.of(found.network(), found.weights());
      AtomicFile.write(dl4j, exported::write);
      wrote(dl4j, found);
    }
    return ExitCode.OK;
  }

  private void wrote(Path file, Generator generator) {
    console()
        .out()
        .println(
            Strings.format(
                "%s: written; it takes %d values, [N, %d, 1, 1], and gives images from -1 to 1",
                file, generator.spec().source().size(), generator.spec().source().size()));
  }

  private void wroteNetwork(Path file, Model model) {
    console()
        .out()
        .println(
            Strings.format(
                "%s: written; it takes normalised values: %s",
                file, model.spec().input().normalization().description()));
  }

  private ModelSpec named(ModelSpec own) {
    return new ModelSpec(
        own.name(),
        own.description(),
        own.task(),
        own.input(),
        own.inference(),
        own.training(),
        Optional.ofNullable(author).orElse(own.author()),
        Optional.ofNullable(license).orElse(own.license()),
        own.citation());
  }

  /** The picture of a shipped model lies beside it. */
  private Model pictured(Model found) {
    Presentation own = found.presentation();
    if (own.cover().isPresent()) return found;
    return found.withPresentation(
        new Presentation(ModelRegistry.standard().cover(model), own.documentation()));
  }

  private static BioimageArchive archive(Model found) {
    Model plain = found.unquantized();
    Engine engine = Engines.forPrediction(plain.network());
    try (Predictor predictor = plain.predictor(engine, engine.devices().get(0))) {
      String name = plain.network().inputs().get(0).name();
      Function<Tensor, List<Tensor>> outputs = t -> predictor.predict(Map.of(name, t));
      Model shown = found.example().map(e -> plain.withExample(e.input(), outputs)).orElse(plain);
      return new BioimageArchive(shown, outputs);
    }
  }
}
