using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Packs a run of bits into rows of channels, each of which begins a word.</summary>
/// <param name="channels">Of a row.</param>
/// <param name="target">[rows, words].</param>
internal unsafe struct RowBits(int channels, uint* target)
{
    private readonly int _channels = channels;
    private uint* _target = target;
    private int _left = channels, _filled;
    private uint _word;

    /// <summary>Appends that many bits, 32 a word.</summary>
    public void Append(uint* bits, int count)
    {
        for (int done = 0; done < count;)
        {
            int offset = done % Bits.PerWord;
            int take = Math.Min(Math.Min(count - done, Bits.PerWord - offset), Math.Min(_left, Bits.PerWord - _filled));
            uint mask = take == Bits.PerWord ? uint.MaxValue : (1u << take) - 1;
            _word |= ((bits[done / Bits.PerWord] >> offset) & mask) << _filled;
            (done, _filled, _left) = (done + take, _filled + take, _left - take);
            if (_filled == Bits.PerWord || _left == 0)
                Finish();
        }
    }

    private void Finish()
    {
        *_target++ = _word;
        (_word, _filled) = (0, 0);
        if (_left == 0)
            _left = _channels;
    }
}
