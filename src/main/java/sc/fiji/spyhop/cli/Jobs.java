package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import sc.fiji.spyhop.command.AddModelCommand;
import sc.fiji.spyhop.command.BatchCommand;
import sc.fiji.spyhop.command.BuildPipelineCommand;
import sc.fiji.spyhop.command.CalibrateModelCommand;
import sc.fiji.spyhop.command.CheckSaliencyCommand;
import sc.fiji.spyhop.command.ClassifyCommand;
import sc.fiji.spyhop.command.EnginesCommand;
import sc.fiji.spyhop.command.EvaluateClassifierCommand;
import sc.fiji.spyhop.command.EvaluateGeneratorCommand;
import sc.fiji.spyhop.command.EvaluateKeypointsCommand;
import sc.fiji.spyhop.command.EvaluateLocalizerCommand;
import sc.fiji.spyhop.command.EvaluateRegressorCommand;
import sc.fiji.spyhop.command.EvaluateRendererCommand;
import sc.fiji.spyhop.command.EvaluateRestorerCommand;
import sc.fiji.spyhop.command.EvaluateSegmenterCommand;
import sc.fiji.spyhop.command.FineTuneCommand;
import sc.fiji.spyhop.command.FoolModelCommand;
import sc.fiji.spyhop.command.GenerateCommand;
import sc.fiji.spyhop.command.ImportNetworkCommand;
import sc.fiji.spyhop.command.KeypointsCommand;
import sc.fiji.spyhop.command.LocalizeCommand;
import sc.fiji.spyhop.command.NormalizeStainCommand;
import sc.fiji.spyhop.command.PageCommand;
import sc.fiji.spyhop.command.QuantizeModelCommand;
import sc.fiji.spyhop.command.RegressCommand;
import sc.fiji.spyhop.command.RenderImagesCommand;
import sc.fiji.spyhop.command.RestoreCommand;
import sc.fiji.spyhop.command.ReviewObjectsCommand;
import sc.fiji.spyhop.command.RunPipelineCommand;
import sc.fiji.spyhop.command.SaliencyMapCommand;
import sc.fiji.spyhop.command.SegmentCommand;
import sc.fiji.spyhop.command.ShowKernelsCommand;
import sc.fiji.spyhop.command.ShowNetworkCommand;
import sc.fiji.spyhop.command.StrongestPatchesCommand;
import sc.fiji.spyhop.command.SuggestSlicesCommand;
import sc.fiji.spyhop.command.TrainClassifierCommand;
import sc.fiji.spyhop.command.TrainGeneratorCommand;
import sc.fiji.spyhop.command.TrainKeypointsCommand;
import sc.fiji.spyhop.command.TrainLocalizerCommand;
import sc.fiji.spyhop.command.TrainPipelineCommand;
import sc.fiji.spyhop.command.TrainRegressorCommand;
import sc.fiji.spyhop.command.TrainRendererCommand;
import sc.fiji.spyhop.command.TrainRestorerCommand;
import sc.fiji.spyhop.command.TrainSegmenterCommand;
import sc.fiji.spyhop.command.TransferStyleCommand;
import sc.fiji.spyhop.training.finetuning.Continuation;
import sc.fiji.spyhop.training.finetuning.FineTuning;

/**
 * What the help of a shell says of each job besides its settings. Jobs go by their classes, so that
 * only the one that is called is loaded.
 */
final class Jobs {

  private static final String STOP =
      "Ctrl-C ends it and keeps the best network so far; --resume goes on.";

  private static final String EMPTY = "A missing prediction counts as an empty one. ";

  private static final String INTERVALS =
      "Main figures come with 95 %% intervals over images; --against tells the difference to another"
          + " model on the same images.";

  static List<CommandLine> trainings() {
    return List.of(
        JobLine.of(
            "segment",
            TrainSegmenterCommand.class,
            "It learns from images and label images of your own: DIR/images/NAME.tif with "
                + "DIR/labels/NAME.tif (0 for background, another number for each object), or "
                + "NAME.tif with NAME_labels.tif beside it; or from COCO masks and polygons, YOLO "
                + "polygons, or areas in zips of ImageJ's ROI Manager, see docs/annotation-formats.md. "
                + STOP,
            "spyhop train segment --data mydata --output my.spyhop",
            "spyhop train segment --data mydata --output my.spyhop --resume",
            "spyhop train segment --data mydata --output tissue.spyhop --classes"
                + " background,lumen,wall",
            "spyhop train segment --data masks --several --output overlapping.spyhop"),
        JobLine.of(
            "localize",
            TrainLocalizerCommand.class,
            "It learns from images with boxes of your own, in any of the formats that spyhop "
                + "annotations reads. Rows that cannot be used are counted, named and left out. "
                + STOP,
            "spyhop train localize --data mydata --output cells.spyhop",
            "spyhop train localize --data mydata --index split.csv --subset train --output"
                + " cells.spyhop",
            "spyhop train localize --data heads --single --output head.spyhop"),
        JobLine.of(
            "keypoints",
            TrainKeypointsCommand.class,
            "It finds one point of each name in an image or, with --objects, in the box of "
                + "each object. It learns from images with points of your own, in any of the "
                + "formats that spyhop annotations reads. Points that are said to be absent are "
                + "learnt as absent; those that nobody marked are not learnt. "
                + STOP,
            "spyhop train keypoints --data mydata --output mouse.spyhop",
            "spyhop train keypoints --data CollectedData_me.csv --skeleton nose:tail --output"
                + " m.spyhop",
            "spyhop train keypoints --data mice.json --objects --output mouse.spyhop"),
        JobLine.of(
            "classify",
            TrainClassifierCommand.class,
            "DIR holds a folder for each class, or index.csv with the columns image and class (and"
                + " subset), or IDX files as those of MNIST; or it is a stack whose slice labels are"
                + " classes, or holds such stacks. Where an image may be of several classes or of"
                + " none, index.csv has a column classes (a;b, or none), or one of 0 and 1 for each;"
                + " see docs/multilabel.md. "
                + STOP,
            "spyhop train classify --data mydata --output my.spyhop",
            "spyhop train classify --data mnist --output lenet.spyhop --network"
                + " \"20C5 MP2 50C5 MP2 FC256\""),
        JobLine.of(
            "regress",
            TrainRegressorCommand.class,
            "DIR/index.csv has a column image and one for each number, its unit in brackets: "
                + "image,length (µm),angle. A column subset sets images apart. Or DIR is a stack "
                + "whose slice labels are numbers, or holds such stacks. "
                + STOP,
            "spyhop train regress --data mydata --output length.spyhop --values length"),
        JobLine.of(
            "restore",
            TrainRestorerCommand.class,
            "It learns from images and targets, which show how they should be: files of the same"
                + " names in DIR/input and DIR/target (or low and high, noisy and clean, or as named),"
                + " or DIR/index.csv with the columns image and target; of stacks, slice by slice."
                + " With --method blindspots it learns to remove noise from noisy images alone. "
                + STOP,
            "spyhop train restore --data exposures --output denoise.spyhop",
            "spyhop train restore --data stains --target nuclei --error l1:0.2,ssim:0.8 --output"
                + " stain.spyhop",
            "spyhop train restore --data noisy --method blindspots --output denoise.spyhop"),
        JobLine.of(
            "generate",
            TrainGeneratorCommand.class,
            "A generator learns to make images of random numbers, against a discriminator that learns"
                + " to tell them from real ones (DCGAN, Radford et al. 2015). After each epoch it says"
                + " what goes wrong: a discriminator that is too strong, images that are all alike,"
                + " oscillation. spyhop generate then makes images. Ctrl-C ends it and keeps the"
                + " generator as it is; --resume goes on.",
            "spyhop train generate --data mnist --output digits-made.spyhop",
            "spyhop train generate --data cells --size 64 --crops --labels --symmetry all --output"
                + " cells.spyhop"),
        JobLine.of(
            "render",
            TrainRendererCommand.class,
            "It learns images from what is known of them: DIR/index.csv, or another table, has a"
                + " column image and columns of numbers (with their unit in brackets), angles and"
                + " words. spyhop render then makes images of other rows. "
                + STOP,
            "spyhop train render --data chairs --output chairs.spyhop",
            "spyhop train render --data cells --table cells.csv --columns dose,hours,line --output"
                + " cells.spyhop"));
  }

  static CommandLine render() {
    return JobLine.of(
        "render",
        RenderImagesCommand.class,
        "The table has the columns that the model learned from, which spyhop models show lists. It"
            + " writes images/NAME.png of each row (.tif where pixels have more than 8 bits or a size),"
            + " index.csv, and sheet.png, the first 64 to look at. With --along, NAME.tif is a stack in"
            + " which one column changes; with --from and --to alone, a stack from one row of the"
            + " table to another.",
        "spyhop render --model chairs.spyhop --table new.csv --output images",
        "spyhop render --model chairs.spyhop --table new.csv --along azimuth --steps 36 --output"
            + " turns",
        "spyhop render --model chairs.spyhop --table new.csv --from 1 --to 2 --output way");
  }

  static CommandLine generate() {
    return JobLine.of(
        "generate",
        GenerateCommand.class,
        "Writes images/NAME_SEED.png (or .tif where a PNG file will not do), with labels/NAME_SEED.tif"
            + " where the model makes label images, index.csv and sheet.png, the first 64 to look at."
            + " With --between, NAME_way.tif, a stack. With --sums, images of sums: each row (image,"
            + " seed, weight) adds what a seed's image is made from to that of an image.",
        "spyhop generate --model digits-made.spyhop --count 64 --output made",
        "spyhop generate --model digits-made.spyhop --between 3,17,4 --output made",
        "spyhop generate --model faces.spyhop --sums smiling.csv --output made");
  }

  static CommandLine segment() {
    return JobLine.inFiles(
        "segment",
        SegmentCommand.class,
        "Of each image NAME it writes NAME_labels.tif (a number for each object), NAME_rois.zip"
            + " (outlines for the ROI Manager), NAME_objects.geojson (the same for QuPath, with what"
            + " is measured) and NAME_overlay.png (to look at), and of all together results.csv (area, position, probability). Stacks are done slice by slice."
            + " With --probabilities it also writes NAME_probabilities.tif, in which --adjust finds"
            + " objects again in seconds, with other settings.",
        "spyhop segment --model nuclei --output results image.tif",
        "spyhop segment --model nuclei --output results --recursive plates/",
        "spyhop segment --model my.spyhop --channel 2 --output results \"day?/*.tif\"",
        "spyhop segment --model nuclei --probabilities --output results plates/",
        "spyhop segment --adjust results --threshold 0.4 --output adjusted");
  }

  static CommandLine classify() {
    return JobLine.inFiles(
        "classify",
        ClassifyCommand.class,
        "Writes results.csv with the most likely classes of each image, slice or region and their"
            + " probabilities; or where it may be of several, those it is of and the probability of each."
            + " With --window it slides over each image (its first slice) and writes"
            + " NAME_classes.tif instead, a probability image for each class.",
        "spyhop classify --model my.spyhop --output results --top 3 images/",
        "spyhop classify --model my.spyhop --output results --window 64 --stride 16 slide.tif");
  }

  static CommandLine regress() {
    return JobLine.inFiles(
        "regress",
        RegressCommand.class,
        "Writes results.csv with a row for each number of each image, slice or region.",
        "spyhop regress --model length.spyhop --output results images/");
  }

  static CommandLine restore() {
    return JobLine.inFiles(
        "restore",
        RestoreCommand.class,
        "Of each image NAME it writes NAME_restored.tif, of the same size, slices, time points and"
            + " pixel size, in 32 bits or with --type same in those of the image, and"
            + " NAME_restored.png (to look at); and of all together results.csv (range and mean of"
            + " each plane).",
        "spyhop restore --model denoise.spyhop --output restored images/",
        "spyhop restore --model denoise.spyhop --type same --output restored stack.tif");
  }

  static CommandLine localize() {
    return JobLine.inFiles(
        "localize",
        LocalizeCommand.class,
        "Of all images together it writes boxes.csv (image, class, x, y, width, height in pixels,"
            + " score; slice and frame of stacks), and of each image NAME_rois.zip (boxes for the"
            + " ROI Manager), NAME_objects.geojson (the same for QuPath) and NAME_overlay.png (to look"
            + " at).",
        "spyhop localize --model cells.spyhop --output results images/",
        "spyhop localize --model cells.spyhop --score 0.5 --output results \"day?/*.tif\"");
  }

  static CommandLine keypoints() {
    return JobLine.inFiles(
        "keypoints",
        KeypointsCommand.class,
        "Of all images together it writes keypoints.csv (image, keypoint, x, y in pixels, score;"
            + " slice and frame of stacks; no x and y where a point is not to be seen), and of each"
            + " image NAME_rois.zip (points for the ROI Manager), NAME_objects.geojson (the same for"
            + " QuPath) and NAME_overlay.png (to look at).",
        "spyhop keypoints --model mouse.spyhop --output results frames/",
        "spyhop keypoints --model mice.spyhop --boxes boxes.csv --output results frames/");
  }

  static CommandLine suggest() {
    return JobLine.inFiles(
        "suggest",
        SuggestSlicesCommand.class,
        "A model learns most from those that it is unsure about and that are unlike each other."
            + " Images that have a label image are passed over. Writes suggestions.csv (rank, image,"
            + " slice, frame, score from 0, sure, to 1) and scores.csv, the same of all images, with"
            + " what the model sees in them.",
        "spyhop suggest --model my.spyhop --output next --count 20 images/",
        "spyhop suggest --model my.spyhop --output next --count 50 --resume images/");
  }

  static CommandLine review() {
    return JobLine.of(
        "review",
        ReviewObjectsCommand.class,
        "Of all images that segment or localize has looked at together it writes review.csv (rank,"
            + " image, slice, frame, label, class, score; x, y and area in pixels), review.png with"
            + " pictures of the first hundred, and of each of their images NAME_review.zip, all of"
            + " its regions for the ROI Manager, the least sure first. Correct these, and make a"
            + " data set of them with Spyhop Annotations To Dataset.",
        "spyhop review results --output review",
        "spyhop review results --below 0.8 --count 200 --output review");
  }

  static CommandLine batch() {
    return JobLine.of(
        "batch",
        BatchCommand.class,
        "It does what the model is for, as segment, classify, regress, restore, localize,"
            + " keypoints and pipeline run do.",
        "spyhop batch --model nuclei --output results images/");
  }

  static CommandLine page() {
    return JobLine.of(
        "page",
        PageCommand.class,
        "It writes page.html and small pictures (page/) into the folder, from the tables and pictures"
            + " that are there, without the model. The same comes of"
            + " --page in a run.",
        "spyhop page results");
  }

  static List<CommandLine> explanations() {
    List<CommandLine> all =
        new ArrayList<>(SaliencyMapCommand.methods().stream().map(Jobs::explanation).toList());
    all.add(
        JobLine.inFiles(
            "check",
            CheckSaliencyCommand.class,
            "Does the network agree with them, and do they depend on what it has learnt? Writes"
                + " results.csv with a row for each image and method. deletion: mean of the score"
                + " while patches of the image are hidden, those that matter most by the map first,"
                + " and deletion_random, in random orders: a map that tells what matters has less."
                + " insertion: the same while they are shown; it has more. random_LAYER: how far the"
                + " map agrees with that of the network with random weights in all layers from the"
                + " last to this one (Spearman's rank correlation of magnitudes): one that stays near"
                + " 1 does not depend on what was learnt. check.png shows the means over images.",
            "spyhop explain check --model species.spyhop --output check images/",
            "spyhop explain check --model species.spyhop --methods gradcam,occlusion --output check"
                + " images/"));
    return all;
  }

  private static CommandLine explanation(String method) {
    return JobLine.inFiles(
        method,
        SaliencyMapCommand.by(method),
        how(method)
            + " Of each image NAME it writes NAME_saliency.tif (the map, 32-bit) and"
            + " NAME_saliency.png (the image with the map in colours over it), and of all"
            + " together results.csv. Of stacks, one slice is done. Of a model that finds objects,"
            + " --at tells which is meant.",
        "spyhop explain " + method + " --model species.spyhop --output why image.tif",
        "spyhop explain " + method + " --model species.spyhop --class orca --output why *.jpg");
  }

  private static String how(String method) {
    return switch (method) {
      case "occlusion" ->
          "Each part is hidden in turn, and the map shows how far that lowers the probability of"
              + " the class.";
      case "gradient" ->
          "The map shows how the logit of the class, which is its probability before softmax, changes"
              + " with each pixel (Simonyan et al. 2014).";
      case "deconvnet" ->
          "The map shows how the logit of the class goes back to the pixels through the switches of"
              + " pooling, what is negative left out after each layer (Zeiler and Fergus 2014).";
      case "guided" ->
          "The map shows the gradient of the logit of the class without what is negative, or comes"
              + " through units that were off (Springenberg et al. 2015).";
      case "gradcam" ->
          "The map shows where a deep layer found what speaks for the class (Grad-CAM, Selvaraju et"
              + " al. 2017).";
      case "integrated" ->
          "The map shows what each pixel contributes to the difference of the logit of the class from"
              + " that of an image in which nothing is to be seen (integrated gradients,"
              + " Sundararajan et al. 2017).";
      default -> "This is done by the plugin of this name.";
    };
  }

  static CommandLine style() {
    return JobLine.inFiles(
        "style",
        TransferStyleCommand.class,
        "It looks for pixels of which a network makes the same maps as of the image, and the same"
            + " correlations between maps as of the style (Gatys, Ecker and Bethge 2016). Of each"
            + " image NAME it writes NAME_style.tif and NAME_style.png, with --steps NAME_steps.tif,"
            + " and of all together results.csv (iterations, loss). Ctrl-C ends it and keeps the"
            + " image as it is.",
        "spyhop style --style painting.png --output painted photo.jpg",
        "spyhop style --style painting.png --model vgg19 --strength 100 --colors luminance --output"
            + " painted photo.jpg",
        "spyhop style --style painting.png --steps 20 --output painted photo.jpg");
  }

  static CommandLine stain() {
    return JobLine.inFiles(
        "stain",
        NormalizeStainCommand.class,
        "Of each image NAME it writes NAME_stain.tif and NAME_stain.png, and of all together"
            + " results.csv, which tells what was measured. Images that show hardly any tissue stay as"
            + " they are. A training does the same by itself with --stain, and its model"
            + " then does it with each image that it is shown.",
        "spyhop stain --reference good.png --output normalized slides/",
        "spyhop stain --reference good.png --method reinhard --output normalized slide.png");
  }

  static CommandLine fineTuning() {
    return JobLine.of(
        "finetune",
        FineTuneCommand.class,
        "If the images show what the model knows, it is trained further. Else it gets new last"
            + " layers, which are trained alone first; then all of it is trained, each layer in"
            + " proportion to the size of its weights. For classes and numbers the new layer is one;"
            + " for label images, boxes and keypoints it is a decoder, which goes on learning"
            + " faster. The result is never worse on the validation set than what it began with."
            + " By default it learns for "
            + FineTuning.WHOLE.epochs()
            + " epochs; for label images, boxes and keypoints, "
            + Continuation.CROPS.epochs()
            + ". For classes and numbers a second, faster round follows for as long as it helps.",
        "spyhop finetune --model mobilenet.spyhop --data flowers --output flowers.spyhop",
        "spyhop finetune --model nuclei --data mydata --output mynuclei.spyhop",
        "spyhop finetune --model mobilenet.spyhop --data mouse --task keypoints --output m.spyhop",
        "spyhop finetune --model vgg19.spyhop --data mydata --output my.spyhop --rates conv5_1:0.3");
  }

  static List<CommandLine> pipelines() {
    return List.of(
        JobLine.inFiles(
            "run",
            RunPipelineCommand.class,
            "Of all together it writes results.csv (image, object, rank, class, probability, box,"
                + " keypoints, and what was not found), and of each image NAME_overlay.png (to look"
                + " at), NAME_rois.zip (for the ROI Manager) and NAME_objects.geojson (for QuPath). All coordinates are those of the"
                + " image.",
            "spyhop pipeline run --pipeline whales --output results photographs/"),
        JobLine.of(
            "build",
            BuildPipelineCommand.class,
            "The default pipeline localizes, crops, finds keypoints, aligns, then classifies,"
                + " segments or measures; name a model for each step that is wanted. For others,"
                + " write the steps down (--spec; see docs/bundle-format.md). Steps that do not fit"
                + " together are refused.",
            "spyhop pipeline build --localizer heads.spyhop --keypoints points.spyhop \\",
            "  --anchor bonnet:48:10 --anchor blowhole:48:60 --classifier who.spyhop --output whales.spyhop",
            "spyhop pipeline build --localizer cells.spyhop --classifier kinds.spyhop --output c.spyhop",
            "spyhop pipeline build --spec pipeline.json --model heads=heads.spyhop --output mine.spyhop"),
        JobLine.of(
            "train",
            TrainPipelineCommand.class,
            "All comes from one annotated data set: index.csv (image,class), boxes.csv and"
                + " keypoints.csv. Images that are held out show how far boxes and alignments of the"
                + " first two networks are off; the classifier is trained on pictures with such"
                + " errors. Each network is kept as soon as it is finished; after Ctrl-C, --resume"
                + " goes on with the next.",
            "spyhop sample whales --seed 1 --count 240 --output whales",
            "spyhop pipeline train --data whales --output mine.spyhop"));
  }

  static List<CommandLine> models() {
    return List.of(
        JobLine.of(
            "import",
            ImportNetworkCommand.class,
            "It reads ONNX (.onnx), Keras (.h5, .keras), Caffe (.caffemodel with .prototxt beside it),"
                + " Deeplearning4j (.zip), and weights in safetensors or of PyTorch. --preprocess says how the"
                + " network wants its images: the order of colours, then what is done to pixel values"
                + " from left to right, then how an image is brought to the network's size, as in \"rgb/127.5-1\","
                + " \"bgr-104,117,123\", \"rgb/255-0.485,0.456,0.406/0.229,0.224,0.225 resize 256 crop"
                + " 224\", or a family: torchvision, caffe, tf, mobilenet, keras-vgg, keras-resnet. A model"
                + " of bioimage.io (a folder with rdf.yaml, that file, or a zip file) says that itself,"
                + " and is tried on its own test.",
            "spyhop models import net.onnx --classes names.txt --preprocess rgb/127.5-1 --output net.spyhop",
            "spyhop models import vgg19.h5 --network vgg19 --classes names.txt --preprocess keras-vgg",
            "spyhop models import affable-shark.zip --output nuclei-shark.spyhop"),
        JobLine.of(
            "add",
            AddModelCommand.class,
            "A copy goes into ~/.spyhop/models, or the folder that SPYHOP_MODELS names. From then on"
                + " it goes by its name, and dialogs offer it.",
            "spyhop models add cells.spyhop",
            "spyhop models add downloads/model-v3.spyhop --name cells --force"),
        JobLine.of(
            "calibrate",
            CalibrateModelCommand.class,
            "Thresholds become those that are best for the images, and each object gets a score: of"
                + " objects with a score of 0.8, about 80 %% match a true one. Weights stay as they"
                + " are, so that twenty or so annotated images are enough. A training does the same"
                + " with its validation images. Images that the model was trained on make it look"
                + " surer than it is.",
            "spyhop models calibrate nuclei --data mydata --output mynuclei.spyhop"),
        JobLine.of(
            "quantise",
            QuantizeModelCommand.class,
            "Most of its layers then compute with whole numbers of eight bits, with ONNX Runtime and"
                + " on the processor. Which values occur between layers is measured on the images;"
                + " how good the model is before and after is told and kept in it: by the annotations"
                + " that the images have, or else by how far outputs differ. The model keeps its"
                + " weights of 32 bits, and is trained further with these. docs/quantisation.md says"
                + " for which models it pays.",
            "spyhop models quantise nuclei --data mydata --output nuclei8.spyhop",
            "spyhop models quantise mobilenet.spyhop --data photographs --output mobile8.spyhop"));
  }

  static List<CommandLine> evaluations() {
    return List.of(
        JobLine.of(
            "segment",
            EvaluateSegmenterCommand.class,
            "Precision, recall, F1, AP = TP/(TP+FP+FN), segmentation and panoptic quality at IoU 0.50"
                + " to 0.95, counts pooled over images. Of models that tell classes of pixels: IoU,"
                + " Dice, precision, recall and boundary F1 of each class, and how many pixels were"
                + " taken for which; of classes that may overlap, all but the last two. Where results.csv tells scores of objects: whether these mean what"
                + " they say. Files are paired by name; NAME_labels.tif is the prediction for NAME. "
                + EMPTY
                + INTERVALS,
            "spyhop evaluate segment --predicted results --truth mydata/labels --json figures.json",
            "spyhop evaluate segment --predicted results --truth mydata --against before --images"
                + " worst.csv",
            "spyhop evaluate segment --predicted results --truth mydata --reliability curve.png"),
        JobLine.of(
            "classify",
            EvaluateClassifierCommand.class,
            "Accuracy, top-5 accuracy, and precision, recall and F1 of each class. DIR holds a folder"
                + " for each class, index.csv with the columns image and class, or files as those of"
                + " MNIST. Where an image may be of several classes: precision, recall, F1, AUC and"
                + " average precision of each, macro and micro F1, exact match and Hamming loss. "
                + INTERVALS,
            "spyhop evaluate classify --model lenet.spyhop --data mnist --subset test --table"
                + " confusion.csv",
            "spyhop evaluate classify --predicted results --data mydata --images worst.csv"),
        JobLine.of(
            "regress",
            EvaluateRegressorCommand.class,
            "R2, mean absolute error and root mean squared error, in units of each number. DIR holds"
                + " index.csv with a column image and one for each number. "
                + INTERVALS,
            "spyhop evaluate regress --model length.spyhop --data mydata"),
        JobLine.of(
            "restore",
            EvaluateRestorerCommand.class,
            "The peak signal-to-noise ratio (PSNR, dB), the structural similarity (SSIM) and the"
                + " normalized root mean squared error (NRMSE) of each image against its target, as"
                + " scikit-image has them, and the same of the images as they were. Images and targets"
                + " lie as for the training. "
                + INTERVALS,
            "spyhop evaluate restore --model denoise.spyhop --data more",
            "spyhop evaluate restore --model denoise.spyhop --data more --range 255 --images"
                + " worst.csv"),
        JobLine.of(
            "generate",
            EvaluateGeneratorCommand.class,
            "Tells how sure the classifier is of what generated images show, how often each class was"
                + " made, and the Fréchet distance (Heusel et al. 2017) between generated and real"
                + " images in the features of its last layer but one: 0 where means and covariances"
                + " are the same. It depends on the classifier, and on how many images there are:"
                + " compare like with like.",
            "spyhop evaluate generate --model digits --made made/images --data mnist --subset test"),
        JobLine.of(
            "localize",
            EvaluateLocalizerCommand.class,
            "The average precision of each class at IoU 0.5, 0.75 and over 0.50 to 0.95, and their"
                + " means over the classes. boxes.csv has the columns image, class, x, y, width,"
                + " height and score. Scores are held against how many boxes are right at IoU 0.5."
                + " Images are paired by name. "
                + EMPTY
                + INTERVALS,
            "spyhop evaluate localize --predicted results/boxes.csv --truth mydata --json"
                + " figures.json"),
        JobLine.of(
            "keypoints",
            EvaluateKeypointsCommand.class,
            "The error in pixels (median, mean, root mean square, 90th percentile, maximum) of the"
                + " points that are predicted, and PCK, the share of all true points predicted within"
                + " a distance. keypoints.csv has the columns image, keypoint, x, y and score. Images"
                + " are paired by name. "
                + EMPTY
                + INTERVALS,
            "spyhop evaluate keypoints --predicted results/keypoints.csv --truth mydata --pck"
                + " 5,10"),
        JobLine.of(
            "render",
            EvaluateRendererCommand.class,
            "The root of the mean squared error over pixels and channels, in pixel values. DIR holds"
                + " index.csv with a column image and those that the model learned from. With --known"
                + " it is compared with the nearest image that was learned from: of those with the"
                + " same words, the one whose numbers and angles, as the network is given them, are"
                + " least far away. "
                + INTERVALS,
            "spyhop evaluate render --model chairs.spyhop --data more --known chairs"));
  }

  static List<CommandLine> networks() {
    return List.of(
        JobLine.of(
            "show",
            ShowNetworkCommand.class,
            "The table shows what each layer does, what feeds it, the shape of its output (channels"
                + " first), its trained parameters, and how many pixels of the input each of its"
                + " values sees. The picture (--output) shows the same: boxes as high as maps and as"
                + " wide as they have many channels.",
            "spyhop network show vgg19 --output vgg19.png",
            "spyhop network show resnet18 --input 3x128x128 --classes 5",
            "spyhop network show \"20C5 MP2 50C5 MP2 FC256 FC10\" --input 1x28x28",
            "spyhop network show nuclei"),
        JobLine.of(
            "kernels",
            ShowKernelsCommand.class,
            "Writes kernels.png, each kernel in its own range, and kernels.csv: its norm, and the"
                + " strongest wave in it: orientation (degrees counterclockwise from the x axis, 90"
                + " for vertical edges), frequency (cycles per pixel) and share of the power. gabor"
                + " is yes where that share is more than in 95 of 100 random kernels; fault names"
                + " those that are dead or like another.",
            "spyhop network kernels nuclei --output learnt"),
        JobLine.of(
            "patches",
            StrongestPatchesCommand.class,
            "Writes patches.png and patches.tif (a slice for each map): to the left what the"
                + " strongest activations of a map see, to the right what of it made them so, by a"
                + " deconvnet (Zeiler and Fergus 2014); patches.csv with their places, and maps.csv"
                + " with the range of each map, in how many images it is above 0, and as its fault"
                + " whether it is dead or like another.",
            "spyhop network patches nuclei --data images --layer down3_conv2_relu --output learnt"));
  }

  static CommandLine fool() {
    return JobLine.of(
        "fool",
        FoolModelCommand.class,
        "An image is made for each class (Nguyen et al. 2015) and kept as a file that the model is"
            + " as sure of when it is shown it: images/fool_CLASS.png, or .tif where pixels have more"
            + " than 8 bits or channels are no colours. fooling.png shows all of them, and results.csv"
            + " tells how sure the model is, in which generation the image was found and in which it"
            + " was sure for the first time, and what the warning for unlike images says. Ctrl-C ends"
            + " it and keeps what was found.",
        "spyhop fool --model digits --output fooled",
        "spyhop fool --model digits --method direct --classes 3,8 --output fooled",
        "spyhop fool --model species.spyhop --method gradient --classes 10 --seed 1 --output fooled");
  }

  static CommandLine engines() {
    return JobLine.of(
        "engines",
        EnginesCommand.class,
        "It says which of them predict and which train, and on what they compute. For bug reports."
            + " An engine is checked before its first use on a machine, and passed over if it"
            + " computes wrong.",
        "spyhop engines",
        "spyhop engines --check");
  }

  private Jobs() {}
}
