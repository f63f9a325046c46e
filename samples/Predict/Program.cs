using System.Globalization;
using ReSTE.Native.Inference;

// A packed network, and a file of images one after the other, each as [height, width, channels] bytes; on a GPU where that is asked for.
if (args is not ([_, _] or [_, _, "cuda"]))
{
    Console.Error.WriteLine("usage: Predict NETWORK IMAGES [cuda]");
    return 2;
}

if (args.Length == 3 && BinaryModel.WhyNoCuda() is { } why)
{
    Console.Error.WriteLine($"no GPU: {why}");
    return 1;
}

var (network, file) = (args[0], args[1]);
using BinaryModel model = args.Length == 3 ? BinaryModel.OpenCuda(network) : BinaryModel.Open(network);
byte[] images = File.ReadAllBytes(file);
var probabilities = new float[images.Length / model.ImageBytes * model.Classes.Count];
model.Probabilities(images, probabilities);
foreach (float[] image in probabilities.Chunk(model.Classes.Count))
{
    int label = Array.IndexOf(image, image.Max());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label} {model.Classes[label]} {image[label]:f4}"));
}

return 0;
