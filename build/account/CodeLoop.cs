namespace ReSTE.Native.Account;

/// <summary>A loop of the code: the block that it is entered by, all of its blocks, and the loops right inside it.</summary>
internal sealed class CodeLoop(int header, HashSet<int> blocks)
{
    private readonly List<CodeLoop> _inner = [];

    public int Header { get; } = header;

    public IReadOnlySet<int> Blocks => blocks;

    public IReadOnlyList<CodeLoop> Inner => _inner;

    /// <summary>All loops of a kernel, those inside before those around them. Ways back to one block make one loop.</summary>
    public static List<CodeLoop> Find(FlowGraph graph)
    {
        var byHeader = new Dictionary<int, HashSet<int>>();
        List<int>[] from = Predecessors(graph);
        foreach (int block in graph.Order)
            foreach (int next in graph.Successors[block])
                if (graph.Dominates(next, block))
                    Collect(byHeader, from, next, block);
        List<CodeLoop> loops = [.. byHeader.Select(loop => new CodeLoop(loop.Key, loop.Value)).OrderBy(loop => loop.Blocks.Count)];
        for (int i = 0; i < loops.Count; i++)
            loops.Skip(i + 1).FirstOrDefault(around => around.Blocks.Contains(loops[i].Header))?._inner.Add(loops[i]);
        return loops;
    }

    private static List<int>[] Predecessors(FlowGraph graph)
    {
        List<int>[] from = [.. graph.Successors.Select(_ => new List<int>())];
        foreach (int block in graph.Order)
            foreach (int next in graph.Successors[block])
                from[next].Add(block);
        return from;
    }

    // Everything from which the end of the loop is reached without passing its beginning.
    private static void Collect(Dictionary<int, HashSet<int>> byHeader, List<int>[] from, int header, int end)
    {
        if (!byHeader.TryGetValue(header, out HashSet<int>? blocks))
            byHeader[header] = blocks = [header];
        var open = new Stack<int>([end]);
        while (open.TryPop(out int block))
            if (blocks.Add(block))
                foreach (int before in from[block])
                    open.Push(before);
    }
}
