using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// A unit's shortcut, or the gradient of one: of the shape of y, or the option A one, of which only the smaller tensor exists.
/// </summary>
internal readonly unsafe struct PaddedShortcut
{
    private readonly float* _values;
    private readonly int _rows, _columns, _channels;

    private PaddedShortcut(Tensor small)
    {
        _values = small.As<float>();
        (_rows, _columns, _channels) = (small.Shape[1], small.Shape[2], small.Shape[3]);
    }

    /// <summary>Of a tensor [N,H,W,C], or of none.</summary>
    public static PaddedShortcut Of(Tensor? small) => small == null ? default : new PaddedShortcut(small);

    public bool Exists => _values != null;

    /// <summary>Writes the row of ShortcutPad, [columns, channels].</summary>
    public void PutRow(long image, int row, int columns, int channels, float* target)
    {
        int offset = (channels - _channels) / 2;
        float* from = _values + (image * _rows + 2 * row) * _columns * _channels;
        new Span<float>(target, columns * channels).Clear();
        for (int q = 0; q < columns; q++, from += 2 * _channels, target += channels)
            new ReadOnlySpan<float>(from, _channels).CopyTo(new Span<float>(target + offset, _channels));
    }

    /// <summary>
    /// For a row of the smaller tensor's gradient: where, in the wider tensor [N,H/2,W/2,C'] that this is, the gradient of its column 0
    /// begins; null where it is zero. Every second column has one.
    /// </summary>
    public float* GradientRow(long image, int row, int channels) =>
        _values == null || row % 2 != 0 ? null : _values + (image * _rows + row / 2) * _columns * _channels + (_channels - channels) / 2;

    /// <summary>Channels of the tensor.</summary>
    public int Channels => _channels;
}
