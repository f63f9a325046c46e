using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>Reads a part of small images whole, decoded.</summary>
internal static class WholePart
{
    private const int Channels = 3;

    public static Dataset Read(IReadOnlyList<string> paths, string name, ImageShape shape, int classes, IReadOnlyList<string> labelNames)
    {
        var (pixels, labels) = (new List<byte[]>(), new List<int>());
        foreach (string path in paths)
        {
            using var file = ShardFile.Open(path, labelNames);
            CheckClasses(file, classes, name);
            for (int group = 0, first = 0; group < file.Groups; group++)
            {
                int[] read = file.ReadLabels(group);
                CheckLabels(path, first, read, classes, name);
                labels.AddRange(read);
                if ((long)labels.Count * shape.Bytes > Array.MaxLength)
                    throw FolderTrouble.Of(DatasetFault.OtherForm, path, "it has more images than are read whole");
                pixels.Add(Decode(path, first, file.ReadImages(group), shape));
                first += read.Length;
            }
        }
        if (labels.Count == 0)
            throw FolderTrouble.Of(DatasetFault.Missing, paths[0], "it holds no images");
        return Dataset.FromArrays(name, Joined(pixels, labels.Count * shape.Bytes), [.. labels], shape, classes);
    }

    private static byte[] Joined(List<byte[]> parts, int bytes)
    {
        if (parts.Count == 1)
            return parts[0];
        var (whole, at) = (new byte[bytes], 0);
        foreach (byte[] part in parts)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }
        return whole;
    }

    private static byte[] Decode(string path, int first, byte[][] images, ImageShape shape)
    {
        var pixels = new byte[images.Length * shape.Bytes];
        IImageDecoder decoder = ImageDecoders.New();
        var image = new ImageBuffer();
        for (int i = 0; i < images.Length; i++)
        {
            try
            {
                decoder.Decode(images[i], image);
            }
            catch (ImageException problem)
            {
                throw FolderTrouble.Of(problem.Kind, path, FormattableString.Invariant($"image {first + i}: {problem.Message}"), problem);
            }
            if ((image.Height, image.Width) != (shape.Height, shape.Width))
            {
                throw FolderTrouble.Of(DatasetFault.OtherForm, path, FormattableString.Invariant(
                    $"image {first + i} has {image.Width} x {image.Height} pixels, not {shape.Width} x {shape.Height}"));
            }
            Pack(image, pixels.AsSpan(i * shape.Bytes, shape.Bytes));
        }
        return pixels;
    }

    private static void Pack(ImageBuffer image, Span<byte> to)
    {
        ReadOnlySpan<byte> from = image.Pixels;
        for (int pixel = 0; pixel < to.Length / Channels; pixel++)
            from.Slice(pixel * ImageBuffer.PixelBytes, Channels).CopyTo(to[(pixel * Channels)..]);
    }

    private static void CheckClasses(ShardFile file, int classes, string name)
    {
        if (file.Classes() is { } said && said != classes)
        {
            throw FolderTrouble.Of(DatasetFault.OtherDataset, file.Path, FormattableString.Invariant(
                $"its column {file.Label.Name} has {said} classes, and {name} has {classes}: these are the files of another data set"));
        }
    }

    private static void CheckLabels(string path, int first, int[] labels, int classes, string name)
    {
        int wrong = Array.FindIndex(labels, label => (uint)label >= (uint)classes);
        if (wrong >= 0)
        {
            throw FolderTrouble.Of(DatasetFault.WrongLabel, path, FormattableString.Invariant(
                $"image {first + wrong} has the label {labels[wrong]}, outside the {classes} classes of {name}"));
        }
    }
}
