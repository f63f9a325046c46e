using System.Text.RegularExpressions;

namespace ReSTE.Native.Account;

/// <summary>
/// The basic blocks of a kernel and the ways between them. A call returns, so it leads on; what only calls lead to, and the padding after
/// the code, is left out, for nothing leads there.
/// </summary>
internal sealed partial class FlowGraph
{
    private readonly Disassembly _code;
    private readonly Instruction[] _instructions;
    private readonly List<int> _starts = [];
    private readonly Dictionary<int, int> _blockAt = [];
    private readonly List<int> _order = []; // reachable blocks, as Order
    private readonly int[] _place, _dominator;

    public FlowGraph(Disassembly code)
    {
        (_code, _instructions) = (code, [.. code.Instructions]);
        FindStarts();
        Successors = [.. _starts.Select((_, block) => Leads(block))];
        _place = Enumerable.Repeat(-1, _starts.Count).ToArray();
        if (_starts.Count > 0)
            Visit();
        _order.Reverse();
        for (int i = 0; i < _order.Count; i++)
            _place[_order[i]] = i;
        _dominator = FindDominators();
    }

    /// <summary>Blocks that a block leads to.</summary>
    public IReadOnlyList<int>[] Successors { get; }

    /// <summary>Blocks that can be reached, each before those that it leads to unless by a loop.</summary>
    public IReadOnlyList<int> Order => _order;

    public ArraySegment<Instruction> Instructions(int block) => new(_instructions, _starts[block], End(block) - _starts[block]);

    /// <summary>Whether a block ends the kernel, for some lanes at least.</summary>
    public bool Leaves(int block) => Instructions(block)[^1].Name is "EXIT" or "RET";

    /// <summary>Whether a block calls a function, which only slow paths of divisions, roots and the like do.</summary>
    public bool Calls(int block) => Instructions(block).Any(i => i.Name == "CALL");

    /// <summary>Whether a block comes before another in <see cref="Order"/>.</summary>
    public bool Precedes(int block, int other) => _place[block] < _place[other];

    /// <summary>Whether every way to a block leads through another.</summary>
    public bool Dominates(int dominator, int block)
    {
        while (_place[block] > _place[dominator])
            block = _dominator[block];
        return block == dominator;
    }

    private int End(int block) => block + 1 < _starts.Count ? _starts[block + 1] : _instructions.Length;

    private void FindStarts()
    {
        var starts = new SortedSet<int> { 0 };
        for (int i = 0; i < _instructions.Length; i++)
            if (Ends(_instructions[i]))
            {
                starts.Add(i + 1);
                starts.UnionWith(Targets(_instructions[i]));
            }

        foreach (int start in starts.Where(start => start < _instructions.Length))
        {
            _blockAt[start] = _starts.Count;
            _starts.Add(start);
        }
    }

    private static bool Ends(Instruction i) => i.Name is "BRA" or "BRX" or "BRXU" or "JMP" or "JMX" or "EXIT" or "RET";

    private IEnumerable<int> Targets(Instruction i) => Ends(i)
        ? Name().Matches(i.Operands).Select(match => _code.At(match.Value)).OfType<int>().Distinct() : [];

    private List<int> Leads(int block)
    {
        Instruction last = _instructions[End(block) - 1];
        List<int> next = [.. Targets(last).Where(_blockAt.ContainsKey).Select(at => _blockAt[at])];
        // A branch with a condition may go on, and so may an exit.
        bool goesOn = !Ends(last) || last.Predicated || (last.Name == "BRA" && !last.Operands.StartsWith('`'));
        if (goesOn && block + 1 < _starts.Count && !next.Contains(block + 1))
            next.Add(block + 1);
        return next;
    }

    // Depth first, without recursion: blocks in the order in which they are left.
    private void Visit()
    {
        var stack = new Stack<(int Block, int Next)>();
        var seen = new HashSet<int> { 0 };
        stack.Push((0, 0));
        while (stack.TryPop(out var top))
        {
            if (top.Next == Successors[top.Block].Count)
            {
                _order.Add(top.Block);
                continue;
            }
            stack.Push((top.Block, top.Next + 1));
            int next = Successors[top.Block][top.Next];
            if (seen.Add(next))
                stack.Push((next, 0));
        }
    }

    // Cooper, Harvey and Kennedy: a block's dominator is where the ways to all its predecessors meet.
    private int[] FindDominators()
    {
        int[] dominator = Enumerable.Repeat(-1, _starts.Count).ToArray();
        if (_order.Count == 0)
            return dominator;
        List<int>[] from = [.. _starts.Select(_ => new List<int>())];
        foreach (int block in _order)
            foreach (int next in Successors[block])
                from[next].Add(block);
        dominator[0] = 0;
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int block in _order.Skip(1))
            {
                int found = from[block].Where(b => dominator[b] >= 0).Aggregate((a, b) => Meet(dominator, a, b));
                changed |= dominator[block] != found;
                dominator[block] = found;
            }
        }
        return dominator;
    }

    private int Meet(int[] dominator, int a, int b)
    {
        while (a != b)
            if (_place[a] > _place[b])
                a = dominator[a];
            else
                b = dominator[b];
        return a;
    }

    [GeneratedRegex(@"\.L_[\w.]+")]
    private static partial Regex Name();
}
