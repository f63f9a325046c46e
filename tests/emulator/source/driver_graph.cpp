// Graphs: lists of operations that run as one.
#include "driver.h"

#include <algorithm>

using namespace reste;

namespace
{

constexpr size_t kGraphMemory = 64 << 10; // what must be free for a graph to be made: a real one takes some too

} // namespace

CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count)
{
    return context_call([&](Driver& state, CUctx_st&) {
        if (!state.graphs.has(graph))
            return CUDA_ERROR_INVALID_HANDLE;
        if (count == nullptr)
            return CUDA_ERROR_INVALID_VALUE;
        if (nodes == nullptr)
        {
            *count = graph->nodes.size();
            return CUDA_SUCCESS;
        }
        // A handle to a node is good for nothing here but being counted and told from the others.
        for (size_t i = 0; i < *count; i++)
            nodes[i] = i < graph->nodes.size() ? reinterpret_cast<CUgraphNode>(&graph->nodes[i]) : nullptr;
        *count = std::min(*count, graph->nodes.size());
        return CUDA_SUCCESS;
    });
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long flags)
{
    return context_call([&](Driver& state, CUctx_st& context) {
        if (!state.graphs.has(graph))
            return CUDA_ERROR_INVALID_HANDLE;
        if (executable == nullptr || flags != 0)
            return CUDA_ERROR_INVALID_VALUE;
        if (free_memory(state, context) < kGraphMemory)
            return CUDA_ERROR_OUT_OF_MEMORY;
        auto operation = std::make_shared<GraphOperation>(graph->nodes);
        *executable = state.executables.add(std::unique_ptr<CUgraphExec_st>(new CUgraphExec_st{&context, operation}));
        return CUDA_SUCCESS;
    });
}

CUresult cuGraphLaunch(CUgraphExec executable, CUstream handle)
{
    return context_call([&](Driver& state, CUctx_st&) {
        CUstream stream = find_stream(handle);
        if (stream == nullptr || !state.executables.has(executable))
            return CUDA_ERROR_INVALID_HANDLE;
        if (CUresult result = refuse_if_capturing(*stream); result != CUDA_SUCCESS)
            return result;
        state.counters.graph_launches++;
        return enqueue(stream, executable->operation);
    });
}

// Launches that are still pending keep what they run.
CUresult cuGraphExecDestroy(CUgraphExec executable)
{
    return context_call([&](Driver& state, CUctx_st&) {
        return state.executables.remove(executable) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
    });
}

CUresult cuGraphDestroy(CUgraph graph)
{
    return context_call([&](Driver& state, CUctx_st&) {
        return state.graphs.remove(graph) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
    });
}
