using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using ReSTE.Native.Inference;

namespace ReSTE.Native.Host;

/// <summary>A packed network over image files. A file that is none is named and passed over; the others are still seen.</summary>
internal sealed class Prediction(BinaryModel model, HostContext context, int top)
{
    private const int AtOnce = 256, Colours = 3;

    // ImageNet's test images are the centre of larger ones.
    private const int LargeSide = 224, LargeShortSide = 256;

    private readonly ImageReader _reader = new(model.Width, model.Width == LargeSide ? LargeShortSide : model.Width);
    private readonly List<string> _files = [];
    private readonly byte[] _pixels = new byte[AtOnce * model.ImageBytes];
    private int _failures, _seen;
    private bool _hasResized, _isAlone;

    public int Run(IReadOnlyList<string> paths)
    {
        if (model.Height != model.Width || model.Channels is not (1 or Colours))
            throw new HostException(ExitCode.Checkpoint,
                $"the network takes images [{model.Height},{model.Width},{model.Channels}], which image files cannot be made into",
                "it can be used from a program, with ReSTE.Native.Inference");
        // Of one file there is nothing else to say.
        _isAlone = paths is [var only] && !Directory.Exists(only);
        foreach (var file in paths.SelectMany(Files))
        {
            context.Interruption.Token.ThrowIfCancellationRequested();
            Take(file);
            if (_files.Count == AtOnce)
                Tell();
        }

        Tell();
        if (_failures > 0)
        {
            throw new HostException(ExitCode.Data,
                $"{Plural.Of(_failures, "image")} of {Numbers.Text(_failures + _seen)} could not be read");
        }

        return ExitCode.Done;
    }

    private IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        var files = ImageReader.FilesIn(path);
        return files.Count > 0 ? files : throw new HostException(ExitCode.Data, $"the folder '{path}' holds no image");
    }

    private void Take(string file)
    {
        try
        {
            var size = Read(file, _pixels.AsSpan(_files.Count * model.ImageBytes, model.ImageBytes));
            if (size != (model.Width, model.Height) && !_hasResized)
            {
                _hasResized = true;
                context.Notify([$"{file} is {size.Width}x{size.Height}: of images that are not {model.Width}x{model.Height} the shorter "
                    + $"side is resized to {_reader.ShortSide} pixels and the square at the centre taken"]);
            }

            _files.Add(file);
        }
        catch (DatasetException problem) when (!_isAlone)
        {
            _failures++;
            context.Notify([problem.Message]);
        }
    }

    private (int Width, int Height) Read(string file, Span<byte> pixels)
    {
        if (model.Channels == Colours)
            return _reader.Read(file, pixels);
        var colours = new byte[pixels.Length * Colours];
        var size = _reader.Read(file, colours);
        // ITU-R 601, in the fixed point of Pillow's conversion to grey.
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((colours[3 * i] * 19595 + colours[3 * i + 1] * 38470 + colours[3 * i + 2] * 7471 + 0x8000) >> 16);
        return size;
    }

    private void Tell()
    {
        var classes = model.Classes.Count;
        var probabilities = new float[_files.Count * classes];
        model.Probabilities(_pixels.AsSpan(0, _files.Count * model.ImageBytes), probabilities);
        for (var i = 0; i < _files.Count; i++)
        {
            var image = probabilities[(i * classes)..((i + 1) * classes)];
            // Of equal ones the lower label, as everywhere.
            foreach (var label in Enumerable.Range(0, classes).OrderByDescending(label => image[label]).Take(top))
                context.Out.WriteLine($"{_files[i]}\t{Numbers.Text(label)}\t{model.Classes[label]}\t{Numbers.Fixed(image[label], 4)}");
        }

        _seen += _files.Count;
        _files.Clear();
    }
}
