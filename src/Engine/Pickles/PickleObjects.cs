using ReSTE.Native.Messages;

namespace ReSTE.Native.Pickles;

/// <summary>A function or a class by its name.</summary>
internal sealed record PickleName(string Module, string Name)
{
    private const int Longest = 100;

    /// <summary>The whole name, fit for a message.</summary>
    public override string ToString() => OneLine.Of(Whole, Longest);

    /// <summary>"module.name".</summary>
    public string Whole => $"{Module}.{Name}";
}

/// <summary>What a call would give: the function or class, what it is given, and the state it would be given after that.</summary>
internal sealed class PickleCall(PickleName function, PickleValue arguments)
{
    public PickleName Function => function;

    /// <summary>The arguments, where they are a tuple as they should be.</summary>
    public PickleValue[] Arguments => arguments.Tuple ?? [];

    /// <summary>The state; None where there is none.</summary>
    public PickleValue State { get; set; }

    /// <summary>What is put into it as into a dictionary.</summary>
    public PickleDictionary Entries => field ??= new();
}

/// <summary>A dictionary, in its order. A key may stand twice: what that means is for the reader to say.</summary>
internal sealed class PickleDictionary
{
    private readonly List<(PickleValue Key, PickleValue Value)> _entries = [];

    public int Count => _entries.Count;

    public IReadOnlyList<(PickleValue Key, PickleValue Value)> Entries => _entries;

    public void Add(PickleValue key, PickleValue value) => _entries.Add((key, value));

    /// <summary>
    /// The arguments of an ordered dictionary: nothing, as Python 3 begins one, or a list of pairs, as Python 2 wrote it; null of others.
    /// </summary>
    public static PickleDictionary? Of(PickleValue[]? arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [])
            return dictionary;
        if (arguments is not [{ List: { } pairs }])
            return null;
        foreach (PickleValue pair in pairs)
        {
            if (pair.Tuple is [var key, var value])
                dictionary.Add(key, value);
            else if (pair.List is [var first, var second])
                dictionary.Add(first, second);
            else
                return null;
        }

        return dictionary;
    }

    /// <summary>The last value under a key that is this text; null where there is none.</summary>
    public PickleValue? Find(string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Key.Is(key))
                return _entries[i].Value;
        }

        return null;
    }
}
