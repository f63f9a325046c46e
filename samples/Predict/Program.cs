using System.Globalization;
using ReSTE.Native.Inference;

// A packed network, and a file of images one after the other, each as [height, width, channels] bytes.
if (args is not [var network, var file])
{
    Console.Error.WriteLine("usage: Predict NETWORK IMAGES");
    return 2;
}

using BinaryModel model = BinaryModel.Open(network);
byte[] images = File.ReadAllBytes(file);
var probabilities = new float[images.Length / model.ImageBytes * model.Classes.Count];
model.Probabilities(images, probabilities);
foreach (float[] image in probabilities.Chunk(model.Classes.Count))
{
    int label = Array.IndexOf(image, image.Max());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label} {model.Classes[label]} {image[label]:f4}"));
}

return 0;
