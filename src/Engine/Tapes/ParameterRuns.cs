namespace ReSTE.Native.Tapes;

/// <summary>
/// Where parameters lie in the flat tensors: the latent weights of binary layers in a first run, the others in a second one, in the
/// network's order within each. Every parameter begins at a multiple of sixteen elements.
/// </summary>
internal sealed class ParameterRuns
{
    private const int Alignment = 16;
    private readonly OrderedDictionary<Parameter, int> _starts = [];
    private readonly int _binary, _all;

    /// <param name="parameters">What is trained.</param>
    /// <param name="guarded">Whether there is a gap after each.</param>
    public ParameterRuns(IReadOnlyList<Parameter> parameters, bool guarded)
    {
        _binary = Append(parameters.Where(p => p.IsBinary), 0, guarded);
        _all = Append(parameters.Where(p => !p.IsBinary), _binary, guarded);
    }

    /// <summary>Where a parameter begins, in elements.</summary>
    public int Start(Parameter parameter) => _starts[parameter];

    /// <summary>Whether a share holds a parameter.</summary>
    public static bool Holds(ParameterShare share, Parameter parameter) =>
        share == ParameterShare.All || parameter.IsBinary == (share == ParameterShare.Binary);

    /// <summary>The run of a share, in elements; a network without parameters still has one element.</summary>
    public (int Start, int Count) Run(ParameterShare share) => share switch
    {
        ParameterShare.Binary => (0, _binary),
        ParameterShare.Others => (_binary, _all - _binary),
        _ => (0, Math.Max(_all, 1)),
    };

    /// <summary>The elements after each parameter that no parameter has.</summary>
    public IEnumerable<(Parameter After, int Start, int End)> Gaps()
    {
        for (int i = 0; i < _starts.Count; i++)
        {
            var (parameter, start) = _starts.GetAt(i);
            yield return (parameter, start + (int)parameter.Value.Shape.Count, i + 1 < _starts.Count ? _starts.GetAt(i + 1).Value : _all);
        }
    }

    private int Append(IEnumerable<Parameter> parameters, long end, bool guarded)
    {
        foreach (Parameter p in parameters)
        {
            _starts.Add(p, checked((int)end));
            end = (end + p.Value.Shape.Count + (guarded ? Alignment : 0) + Alignment - 1) / Alignment * Alignment;
        }

        return checked((int)end);
    }
}
