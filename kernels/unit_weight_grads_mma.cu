// The weight gradients of several binary units in one launch: unit_weight_grad_mma32 of each, where dy of all of them is still there. The
// units share the blocks that fill a GPU, so that each leaves few slices. A unit has blocks of its own, side by side in the grid.
#include "launch_order.cuh"
#include "weight_grad_mma.cuh"

constexpr uint32_t kMostUnits = 16; // of a launch: their table is a parameter, which may have 4 KB

FOR_HOST(weight_grads_most, kMostUnits)

struct UnitWeightGrad
{
    const float* dy;        // [N,OH,OW,O]
    const int16_t* counts;  // [N,OH,OW,O]
    const float* scale;     // [1]
    const float* gamma;     // [O] or null
    const float* mean;      // [O]
    const float* inv_std;   // [O]
    const float* dgamma;    // [O]
    const float* dbeta;     // [O]
    const uint32_t* x_bits; // [N,H,W,words(I)]
    float* partial;         // [slices,O,K,K,I]
    ConvGeometry g;
    PixelTile tile;
    uint32_t tiles, slice_tiles, first_block, across, down; // blocks of 32 channels across, of 32 filters down
};

struct UnitWeightGrads
{
    UnitWeightGrad unit[kMostUnits];
};

extern "C" __global__ void __launch_bounds__(kWideThreads, 2) unit_weight_grads_mma(UnitWeightGrads units, uint32_t count)
{
    start_in_turn();
    uint32_t number = 0;
    while (number + 1 < count && units.unit[number + 1].first_block <= blockIdx.x)
        number++;
    const UnitWeightGrad& unit = units.unit[number];
    const ConvGeometry& g = unit.g;
    const uint32_t at = blockIdx.x - unit.first_block, line = at / unit.across;
    const SliceBlock block = {at % unit.across, line % unit.down, line / unit.down};
    const UnitGradient gradient = {unit.dy, unit.counts, unit.scale, unit.gamma, unit.mean, unit.inv_std, unit.dgamma, unit.dbeta,
        1.0f / (float)(g.n * g.oh * g.ow)};
    weight_grad_slice<Wide>(g, block, unit.tile, unit.tiles, unit.slice_tiles, gradient, unit.x_bits, unit.partial);
}
